internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// What was fetched is a repository of restic: its files are taken out of it here.
extension VolumeFetch {
    func restoring(_ snapshot: BackupSnapshot) async throws(HostError) -> Command {
        let restic = try Restic(
            restore.host, repository: staged.line.repository, password: staged.line.password)
        // Holes stay holes where this restic can make them.
        let help = try? await restic.command(["restore", "--help"]).run().text
        let sparse = help?.contains("--sparse") == true ? ["--sparse"] : []
        try PathName.createDirectories(staged.unpacked)
        let command = confined(
            restic.command(["--no-lock", "restore", snapshot.id.description, "--target", staged.unpacked] + sparse))
        // For whoever comes after a kill of this program.
        return Command(
            "/bin/bash",
            ["-c", #"printf '%s\n' "$$" >"$0"; exec "$@" >&2"#, "\(staged.sums).process", command.executable]
                + command.arguments,
            environment: command.environment, deadline: command.deadline)
    }

    /// It reads the repository, and writes where the files belong.
    private func confined(_ command: Command) -> Command {
        guard let confiner = restore.host.configuration.confiner else { return command }
        return Confinement(reading: [staged.line.directory], unpacking: staged.unpacked)
            .applied(to: command, by: confiner)
    }

    /// The snapshot holds the data directory under the name that it had.
    func takeFiles() async throws(HostError) {
        try await BlockingWork.run("prepare '\(staged.path)'", deadline: .seconds(3600)) { () throws(HostError) in
            let names = try DirectoryContent.names(in: staged.unpacked)
            guard let name = names.first, names.count == 1 else {
                throw HostError("the snapshot of data directory '\(staged.name)' holds \(names.count) directories")
            }
            try DirectoryContent.remove(staged.files)
            guard rename("\(staged.unpacked)/\(name)", staged.files) == 0 else {
                throw HostError.failed("put '\(staged.files)' in place")
            }
            try staged.line.remove()
        }
    }
}
