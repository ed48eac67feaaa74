import ldap
import ldap3


def bind(dn, password):
    clear = ldap.initialize("ldap://directory.example.invalid")
    clear.simple_bind_s(dn, password)  # finding
    anonymous = ldap.initialize("ldaps://directory.example.invalid")
    anonymous.simple_bind_s()  # finding
    server = ldap3.Server("directory.example.invalid", use_ssl=False)  # finding
    return clear, anonymous, server


def bind_well(dn, password):
    secure = ldap.initialize("ldaps://directory.example.invalid")
    secure.simple_bind_s(dn, password)
    upgraded = ldap.initialize("ldap://directory.example.invalid")
    upgraded.start_tls_s()
    upgraded.simple_bind_s(dn, password)
    server = ldap3.Server("directory.example.invalid", use_ssl=True)
    return secure, upgraded, server
