import ssl


def contexts(connect):
    context = ssl.create_default_context()
    context.set_ciphers("ALL:@SECLEVEL=0")  # finding
    context.set_ciphers("HIGH:RC4:!MD5")  # finding
    context.set_ciphers("aNULL")  # finding
    return connect(ciphers="DES-CBC3-SHA")  # finding


def good_contexts(connect, ciphers):
    context = ssl.create_default_context()
    context.set_ciphers("ECDHE+AESGCM:!aNULL:!MD5:!RC4")
    context.set_ciphers(ciphers)
    context.set_ciphers("HIGH:!DES:!3DES")
    return connect(ciphers="ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=2")
