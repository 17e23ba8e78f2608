extension Reconciler {
    /// How much a cycle looks at.
    public struct Scope: Sendable {
        /// Read the plan again although the branch stands where it stood.
        public var rereads: Bool
        /// Fail when it cannot be seen whether the stack stands as it was left.
        public var checksStack: Bool
        /// Deploy although nothing differs.
        public var force: Bool

        public init(rereads: Bool, checksStack: Bool, force: Bool = false) {
            self.rereads = rereads
            self.checksStack = checksStack
            self.force = force
        }

        /// Only what is new.
        public static let poll = Scope(rereads: false, checksStack: false)
        /// The first cycle of a process, or one that an operator asked for.
        public static let full = Scope(rereads: true, checksStack: true)
    }
}
