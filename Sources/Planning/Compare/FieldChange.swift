/// A difference inside the stack or a container, in words.
struct FieldChange: Hashable {
    let kind: PlanChange.Kind
    let text: String

    static func added(_ what: String) -> Self { Self(kind: .added, text: "\(what) added") }
    static func removed(_ what: String) -> Self { Self(kind: .removed, text: "\(what) removed") }
    static func changed(_ what: String) -> Self { Self(kind: .changed, text: what) }
    static func changed(_ what: String, _ old: String, _ new: String) -> Self {
        // Long values are shortened and may look the same.
        Self(kind: .changed, text: old == new ? "\(what) changed" : "\(what) \(old) -> \(new)")
    }

    func about(_ subject: String) -> PlanChange { PlanChange(subject: subject, kind: kind, text: text) }
}
