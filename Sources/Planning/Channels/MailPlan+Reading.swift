internal import Model

extension MailPlan {
    init(reading cursor: PlanCursor) {
        self.init(
            from: Self.address(cursor["from"]), to: cursor["to"]?.elements.map(Self.address) ?? [],
            smtp: Self.smtp(cursor["smtp"]), username: cursor["username"]?.text.map(SecretText.init(source:)),
            password: cursor["password"]?.text.map(SecretText.init(source:)))
        checkLogin(cursor)
    }

    private static func address(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if !isAddress(text) {
            cursor.error("'\(text)' is not a mail address", hint: "write an address such as 'ops@acme.example.com'")
        }
        return text
    }

    private static func smtp(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if MailServer(text) == nil {
            cursor.error(
                "'smtp' is not the URL of a mail server",
                hint: "write 'smtps://HOST:465', 'smtp://HOST:587' or 'smtp+plain://HOST:25'; credentials go to "
                    + "'username' and 'password'")
        }
        return text
    }

    /// A password must not cross the network readable, and a half of a login is a mistake.
    private func checkLogin(_ cursor: PlanCursor) {
        switch (username, password) {
        case (nil, nil): break
        case (nil, _): cursor.error("'mail' has a password but no 'username'", hint: "add 'username'")
        case (_, nil):
            cursor.error("'mail' has a user name but no 'password'", hint: "add \"password\": \"${secret:mail}\"")
        default:
            guard MailServer(smtp)?.security == MailServer.Security.none else { break }
            cursor.error(
                "'mail' would send its password unencrypted to the server of 'smtp+plain://'",
                hint: "write 'smtps://HOST:465' or 'smtp://HOST:587', or remove 'username' and 'password'")
        }
    }
}
