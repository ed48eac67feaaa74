import ftplib
from ftplib import FTP, FTP_TLS


def send(host, user, password):
    one = FTP(host, user, password)  # finding
    two = ftplib.FTP(host)
    two.login(user, password)  # finding
    with FTP(host) as three:
        three.login(user=user, passwd=password)  # finding
    return one, two


def send_well(host, user, password):
    one = FTP_TLS(host)
    one.login(user, password)
    one.prot_p()
    two = FTP(host)
    two.login()
    three = ftplib.FTP(host)
    three.login("anonymous", "")
    return one, two, three
