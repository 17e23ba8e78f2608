/// Whom a container's process runs as, `user[:group]`, read as engines read it.
public struct ImageUser: Hashable, Sendable {
    private let user: String
    private let group: String

    public init(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        user = parts.first ?? ""
        group = parts.count > 1 ? parts[1] : ""
    }

    /// Whether nothing has to be looked up: numbers, or root by saying nothing.
    public var isNumeric: Bool { [user, group].allSatisfy { $0.isEmpty || Int($0) != nil } }

    /// Why it is nobody, without looking anything up: engines take no other numbers.
    package var numberObstacle: String? {
        let strange = [user, group].first { Int($0).map { !(0...Int(Int32.max) ~= $0) } ?? false }
        return strange.map { "has the number '\($0)', which is none of a user or group" }
    }

    /// Why it is nobody where `accounts` are known.
    package func obstacle(among accounts: ImageAccounts) -> String? {
        if !user.isEmpty, Int(user) == nil, !accounts.users.contains(user) {
            return "is not in its '/etc/passwd'"
        }
        if !group.isEmpty, Int(group) == nil, !accounts.groups.contains(group) {
            return "has a group that is not in its '/etc/group'"
        }
        return nil
    }
}

/// The names that an image knows.
public struct ImageAccounts: Hashable, Sendable {
    /// In its `/etc/passwd` and `/etc/group`; none where it has no such file.
    public var users: Set<String>
    public var groups: Set<String>

    public init(users: Set<String>, groups: Set<String>) {
        self.users = users
        self.groups = groups
    }

    /// From the content of the two files.
    public init(passwd: String, group: String) { self.init(users: Self.names(passwd), groups: Self.names(group)) }

    private static func names(_ text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isNewline).compactMap { line in
                line.split(separator: ":", omittingEmptySubsequences: false).first
                    .map { String($0.trimming(while: \.isWhitespace)) }
            })
    }
}

extension Substring {
    fileprivate func trimming(while predicate: (Character) -> Bool) -> Substring {
        let start = drop(while: predicate)
        return start.dropLast(start.reversed().prefix(while: predicate).count)
    }
}
