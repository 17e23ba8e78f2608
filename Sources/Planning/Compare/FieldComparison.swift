internal import Model

/// Compares two values of one type by the keys of their encoded form, so that a new key cannot be forgotten.
struct FieldComparison<Value: Encodable> {
    let old: Value
    let new: Value
    /// Keys that come first; the others follow by name.
    var first: [String] = []
    /// Keys that are compared elsewhere.
    var left: Set<String> = []

    /// `words` describes the difference of one key; where it has no words both values are shown.
    func changes(words: (String) -> [FieldChange]) -> [FieldChange] {
        let before = JSONValue(encoding: old).object ?? [:]
        let after = JSONValue(encoding: new).object ?? [:]
        return keys(before, after).filter { before[$0] != after[$0] }.flatMap { key in
            let described = words(key)
            return described.isEmpty ? JSONDifference.changes(key, before[key], after[key]) : described
        }
    }

    private func keys(_ before: [String: JSONValue], _ after: [String: JSONValue]) -> [String] {
        let rest = Set(before.keys).union(after.keys).subtracting(left).subtracting(first)
        return first + rest.sorted()
    }
}

/// Differences of values that nobody wrote words for: `KEYPATH old -> new`.
enum JSONDifference {
    static func changes(_ path: String, _ old: JSONValue?, _ new: JSONValue?) -> [FieldChange] {
        switch (old, new) {
        case (.object(let before)?, .object(let after)?):
            Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
                .flatMap { changes("\(path).\($0)", before[$0], after[$0]) }
        case (let before?, let after?): [.changed(path, shown(before), shown(after))]
        case (nil, let after?): [.added(path, shown(after))]
        case (let before?, nil): [.removed(path, shown(before))]
        case (nil, nil): []
        }
    }

    static func shown(_ value: JSONValue) -> String {
        value.string.map { $0.shown } ?? String(decoding: value.encoded(), as: UTF8.self).shortened
    }
}
