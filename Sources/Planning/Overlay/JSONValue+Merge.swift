public import Model

extension JSONValue {
    /// The value with `patch` laid over it: JSON Merge Patch, RFC 7386.
    ///
    /// Objects are merged key by key, `null` removes a key, everything else (arrays too) replaces.
    public func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [String: JSONValue] = if case .object(let own) = self { own } else { [:] }
        for (key, change) in changes {
            members[key] = change == .null ? nil : (members[key] ?? .null).merged(with: change)
        }
        return .object(members)
    }
}
