import ldap
from ldap.filter import escape_filter_chars

BASE = "dc=example,dc=com"


def bad(conn, name):
    query = f"(uid={name})"
    one = conn.search_s(BASE, ldap.SCOPE_SUBTREE, query)  # finding
    two = conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=%s)" % name)  # finding
    three = conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=" + name + ")")  # finding
    four = conn.search(BASE, search_filter="(uid={})".format(name))  # finding
    return one, two, three, four


def good(conn, name):
    one = conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={escape_filter_chars(name)})")
    two = conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=%s)" % ldap.filter.escape_filter_chars(name))
    three = conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=person)")
    four = conn.search(BASE, search_filter=f"(uid={escape_filter_chars(name)})")
    print(f"looked for {name}")
    return one, two, three, four


def checked(conn, name):
    if not name.isalnum():
        raise ValueError(name)
    return conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={name})")


def constant(conn):
    group = "admins"
    return conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(cn={group})")
