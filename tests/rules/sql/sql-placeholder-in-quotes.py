def bad(cursor, name):
    cursor.execute("SELECT * FROM users WHERE name = '?'", (name,))  # finding
    cursor.execute("SELECT * FROM users WHERE name LIKE '%s'", (name,))  # finding
    cursor.execute("INSERT INTO users (name, age) VALUES ('%s', 3)", (name,))  # finding
    # finding
    cursor.execute(
        """
        UPDATE users
        SET name = ':name'
        """,
        {"name": name},
    )


def good(cursor, name):
    cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
    cursor.execute("SELECT * FROM users WHERE name LIKE %s", (f"%{name}%",))
    cursor.execute("SELECT * FROM users WHERE name = :name AND kind = 'a'", {"name": name})
    cursor.execute("SELECT * FROM users WHERE name = ? AND mark = 'why?'", (name,))
    cursor.execute("SELECT '?' FROM users")
