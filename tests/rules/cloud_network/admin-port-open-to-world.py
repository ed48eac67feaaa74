import boto3
from aws_cdk import aws_ec2 as ec2


def open_ports(group, group_id):
    client = boto3.client("ec2")
    client.authorize_security_group_ingress(
        GroupId=group_id,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},  # finding
        ],
    )
    client.authorize_security_group_ingress(GroupId=group_id, CidrIp="0.0.0.0/0", FromPort=3389, ToPort=3389)  # finding
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(5432))  # finding


def open_few(group, group_id):
    client = boto3.client("ec2")
    client.authorize_security_group_ingress(
        GroupId=group_id,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/28"}]},
        ],
    )
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
    group.add_ingress_rule(ec2.Peer.ipv4("192.0.2.0/28"), ec2.Port.tcp(22))
