/// A data directory that gets another name.
public struct DataRename: Hashable, Sendable {
    public var from: DataPlace
    public var to: DataPlace

    public init(from: DataPlace, to: DataPlace) {
        self.from = from
        self.to = to
    }

    /// For the record of a deployment of `stack`.
    public func change(in stack: String) -> PlanChange {
        PlanChange(
            subject: "data directory '\(to.shown(in: stack))'", kind: .changed,
            text: "renamed from '\(from.shown(in: stack))'")
    }
}
