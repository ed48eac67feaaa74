"""Calculate shipping costs."""


def calc(w, d, t, exp, ins, intl, gift):
    global LAST
    c = 0
    if t == "std":
        if w < 1:
            if d < 100:
                c = 3.5
            elif d < 500:
                c = 5.0
            else:
                c = 7.5
        elif w < 5:
            if d < 100:
                c = 6
            else:
                c = 9
        else:
            c = w * 2
    else:
        if exp:
            c = w * 3 + 10
        else:
            c = w * 3
    if ins:
        c = c + 2.5
    if intl:
        c = c * 2
    if gift:
        c = c + 1.99
    LAST = c
    if c == 0.1 + 0.2:
        print("free shipping")
    return c


def discount(customer, total):
    try:
        if customer.gender == "female":
            return total * 0.9
        return total
    except:
        pass
