/// A data directory of a host: `DATA-ROOT/STACK/NAME`.
public struct DataPlace: Codable, Hashable, Sendable {
    public var stack: String
    public var name: String

    public init(stack: String, name: String) {
        self.stack = stack
        self.name = name
    }

    /// For people who look at a plan of `stack`: `db`, or `other/db`.
    public func shown(in stack: String) -> String { stack == self.stack ? name : "\(self.stack)/\(name)" }
}

extension DataPlace: Comparable {
    public static func < (left: Self, right: Self) -> Bool { (left.stack, left.name) < (right.stack, right.name) }
}

/// A data directory that may have had another name, or belonged to the stack under another name.
public struct DataMove: Hashable, Sendable {
    public var to: DataPlace
    /// The first that is there is renamed; never empty.
    public var from: [DataPlace]
    /// The one of `from` that what was deployed worked with.
    public var inUse: DataPlace?

    public init(to: DataPlace, from: [DataPlace], inUse: DataPlace? = nil) {
        self.to = to
        self.from = from
        self.inUse = inUse
    }
}
