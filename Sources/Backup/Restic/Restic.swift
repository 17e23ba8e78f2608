internal import Files
internal import HostSystem
internal import Processes

/// The program restic on a repository of this host's disk.
struct Restic: Sendable {
    let program: String
    let repository: String
    /// A file.
    let password: String
    private let commandPath: String

    init(_ host: HostSystem, repository: String, password: String) throws(HostError) {
        program = try host.command("restic")
        self.repository = repository
        self.password = password
        commandPath = host.configuration.commandPath
    }

    func command(_ arguments: [String]) -> Command {
        Command(
            program, ["--no-cache", "--quiet", "--repo", repository, "--password-file", password] + arguments,
            environment: ["PATH": commandPath], deadline: .seconds(24 * 3600))
    }
}
