from werkzeug.security import check_password_hash


def login(user, users, row, name, password, form):
    if user.password == password:  # finding
        return True
    if row["password"] == form["password"]:  # finding
        return True
    if user.password != form.get("password"):  # finding
        return False
    return users[name] == password  # finding


class Login:
    def __eq__(self, other):
        return self.password == other.password


def login_well(user, form, password, confirm_password, hasher):
    if user.password != user.backup.password:
        return False
    if password != confirm_password or form.password == form.confirm_password:
        return False
    if user.password == "":
        return False
    if hasher(password) == user.password:
        return True
    return check_password_hash(user.password, password)
