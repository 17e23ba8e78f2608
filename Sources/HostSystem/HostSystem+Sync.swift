package import Files
internal import Model
internal import Processes

extension HostSystem {
    /// Makes everything on the file system of `path` survive a power cut.
    package func syncFileSystem(of path: String) async throws(HostError) {
        let sync = try command("sync")
        // The tool, since its process can be given up when a dying disk does not answer; a thread cannot.
        do throws(CommandFailure) {
            _ = try await Command(sync, ["-f", path], deadline: .seconds(600)).run()
        } catch {
            throw HostError(
                "cannot sync the file system of '\(path)': \(error)",
                hint: "check that the path is right and its disk healthy; see 'journalctl -k'",
                disposition: .transient)
        }
    }
}
