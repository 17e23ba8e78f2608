internal import Planning
internal import Processes

/// What a program that talks to strangers may still do with this host's files; everything else is refused by the kernel,
/// whatever it is told, and whatever lies in its way.
struct Confinement: Sendable {
    /// Files and directories that it may read, beside the programs and settings that every program reads.
    var reading: [String] = []
    /// Directories of this host's own that it may write.
    var writing: [String] = []
    /// A directory that others may write too: what lies in it may lead anywhere. Reached over no symbolic link.
    var foreign: String?
    /// A directory of this host's own that it fills with files of any owner, mode and kind.
    var unpacking: String?

    /// `command`, run by `confiner`, the program of Fairlead itself.
    func applied(to command: Command, by confiner: String) -> Command {
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
