internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Model

/// `fairlead vendor`.
struct VendorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vendor", abstract: "For vendors: make what customers' hosts take from a vendor's storage.",
        subcommands: [VendorPack.self])
}

struct VendorPack: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Make the files and the vanilla backup of one version, signed.",
        discussion: """
            Writes DIR/releases/VERSION, to be copied to the storage as it is. The vanilla backup fills the data \
            directories of a new installation: '--vanilla NAME=PATH' for each, PATH a directory or a file with a dump. \
            Root is needed where owners or files of others are packed.

            Example: fairlead vendor pack 3.43.2 --key release --vanilla database=empty.dump --files notes --to out
            """)

    static var needsRoot: Bool { false }

    @Argument(help: "The version, as in the customers' plans.")
    var version: String

    @Option(help: ArgumentHelp("An SSH private key that signs.", valueName: "file"), completion: .file())
    var key: String

    @Option(help: ArgumentHelp("Where to write.", valueName: "dir"), completion: .directory)
    var to: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Data for a data directory; may be given again.", valueName: "name=path"))
    var vanilla: [String] = []

    @Option(
        help: ArgumentHelp("A directory with the files of the release.", valueName: "dir"), completion: .directory)
    var files: String?

    func validate() throws {
        for text in vanilla where text.split(separator: "=", maxSplits: 1).count != 2 {
            throw ValidationError("'\(text)' is not NAME=PATH")
        }
        guard !vanilla.isEmpty || files != nil else { throw ValidationError("name --vanilla or --files") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let pairs = vanilla.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }.map { ($0[0], $0[1]) }
        let packed = try await ReleasePack(version: version, key: key)
            .pack(vanilla: Dictionary(pairs) { $1 }, files: files, to: to)
        for (name, bytes) in packed.vanilla.sorted(by: { $0.key < $1.key }) {
            context.console.note("vanilla '\(name)': \(ByteCount(bytes: bytes).rounded)".printable)
        }
        if packed.files > 0 { context.console.note("\(packed.files.counted("file")), listed and signed") }
        context.console.result(packed.directory.printable)
        return .success
    }
}
