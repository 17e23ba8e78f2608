/// Something that reads what a stranger may have written.
struct FuzzTarget: Sendable {
    let name: String
    /// Directories and files of this repository whose files are inputs to begin with, beside `Corpus/NAME`.
    var more: [String] = []
    /// Inputs to begin with that this program itself writes.
    var made: @Sendable () throws -> [[UInt8]] = { [] }
    /// Words that its inputs are made of.
    var words: [String] = []
    /// How many inputs the short run tries.
    var inputs = 300
    /// Whether `input` was accepted; throws ``FuzzFault`` where a rule is broken. Any refusal is to be caught.
    let read: @Sendable (_ input: [UInt8]) throws -> Bool

    static let all: [Self] =
        planTargets + imageTargets + secretTargets + hostTargets + backupTargets + moveTargets + engineTargets
        + gitTargets + signedTagTargets

    static func named(_ name: String) throws -> Self {
        guard let target = all.first(where: { $0.name == name }) else { throw FuzzFault("no target '\(name)'") }
        return target
    }
}

/// A rule that an input broke.
struct FuzzFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
