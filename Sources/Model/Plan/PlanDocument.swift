/// A plan as one host gets it, in the words of `plan.json`, and where each of its values was written.
///
/// After size, overlay and variables; references to secrets stay. What the plan leaves to its default is not in it.
public struct PlanDocument: Codable, Hashable, Sendable {
    public struct Place: Codable, Hashable, Sendable {
        public var file: String
        public var line: Int?
        /// Of the value in that file.
        public var pointer: String
        /// What the references in the value stand for; absent when it has none.
        public var uses: [Use]?

        package init(file: String, line: Int? = nil, pointer: String, uses: [Use]? = nil) {
            self.file = file
            self.line = line
            self.pointer = pointer
            self.uses = uses
        }
    }

    /// A reference that was replaced.
    public struct Use: Codable, Hashable, Sendable {
        /// `version`, `variable:domain`.
        public var reference: String
        public var file: String
        public var line: Int?

        package init(reference: String, file: String, line: Int? = nil) {
            self.reference = reference
            self.file = file
            self.line = line
        }
    }

    public let plan: JSONValue
    /// By the pointers of all values that hold no others.
    public let places: [String: Place]

    public init(plan: JSONValue, places: [String: Place]) {
        self.plan = plan
        self.places = places
    }

    /// The values that hold no others, sorted by their pointers.
    public var values: [(pointer: String, value: JSONValue)] { plan.leaves(at: "").sorted { $0.0 < $1.0 } }
}

extension JSONValue {
    package func leaves(at pointer: String) -> [(String, JSONValue)] {
        switch self {
        case .object(let members) where !members.isEmpty:
            members.flatMap { $1.leaves(at: JSONPointer.child($0, of: pointer)) }
        case .array(let elements) where !elements.isEmpty:
            elements.enumerated().flatMap { $1.leaves(at: "\(pointer)/\($0)") }
        default: [(pointer, self)]
        }
    }
}
