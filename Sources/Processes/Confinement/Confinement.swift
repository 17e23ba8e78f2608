/// What a program that talks to strangers may still do with this host's files; everything else is refused by the kernel,
/// whatever it is told, and whatever lies in its way.
public struct Confinement: Sendable {
    /// Files and directories that it may read, beside the programs and settings that every program reads.
    public var reading: [String] = []
    /// Directories of this host's own that it may write.
    public var writing: [String] = []
    /// A directory that others may write too: what lies in it may lead anywhere. Reached over no symbolic link.
    public var foreign: String?
    /// A directory of this host's own that it fills with files of any owner, mode and kind.
    public var unpacking: String?

    public init(
        reading: [String] = [], writing: [String] = [], foreign: String? = nil, unpacking: String? = nil
    ) {
        self.reading = reading
        self.writing = writing
        self.foreign = foreign
        self.unpacking = unpacking
    }

    /// `command`, run by `confiner`, the program of Fairlead itself.
    public func applied(to command: Command, by confiner: String) -> Command {
        let rules =
            reading.flatMap { ["--read", $0] } + writing.flatMap { ["--write", $0] }
            + (foreign.map { ["--foreign", $0] } ?? []) + (unpacking.map { ["--unpack", $0] } ?? [])
        var confined = command
        confined.executable = confiner
        confined.arguments =
            [ConfinementChild.subcommand] + rules + ["--", command.executable] + command.arguments
        return confined
    }
}
