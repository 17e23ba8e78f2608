internal import Model

/// A difference inside the stack or a container, in words.
struct FieldChange: Hashable {
    let kind: PlanChange.Kind
    let text: String
    /// Names what differs, whatever its values are: `environment LANG`.
    var field: String

    static func added(_ what: String, _ value: String? = nil) -> Self {
        Self(kind: .added, text: "\(what)\(value.map { " \($0)" } ?? "") added", field: what)
    }

    static func removed(_ what: String, _ value: String? = nil) -> Self {
        Self(kind: .removed, text: "\(what)\(value.map { " \($0)" } ?? "") removed", field: what)
    }

    static func changed(_ what: String) -> Self { Self(kind: .changed, text: what, field: what) }
    /// Where the values say nothing to people.
    static func altered(_ what: String) -> Self { changed("\(what) changed").named(what) }

    static func changed(_ what: String, _ old: String, _ new: String) -> Self {
        // Long values are shortened and may look the same.
        old == new ? .altered(what) : Self(kind: .changed, text: "\(what) \(old) -> \(new)", field: what)
    }

    func named(_ field: String) -> Self {
        var change = self
        change.field = field
        return change
    }

    func about(_ subject: String) -> LocatedChange {
        LocatedChange(field: field, change: PlanChange(subject: subject, kind: kind, text: text))
    }
}

/// A difference with the name of what differs.
struct LocatedChange: Hashable {
    /// Of a container or the stack; `nil` is all of it.
    let field: String?
    let change: PlanChange

    /// Whether what `other` is about is this, or a part of it.
    func covers(_ other: Self) -> Bool {
        guard change.subject == other.change.subject else { return false }
        guard let field else { return true }
        guard let part = other.field else { return false }
        return part == field || part.hasPrefix("\(field) ") || part.hasPrefix("\(field).")
    }
}
