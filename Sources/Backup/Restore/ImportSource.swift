internal import Files
internal import Glibc
internal import HostSystem
internal import Processes

/// A directory or a dump outside of the data root.
struct ImportSource: Sendable {
    /// Without links.
    let path: String
    let isDump: Bool

    init(_ path: String, asDump: Bool, dataRoot: String) throws(HostError) {
        let kind = try FileStatus.at(path, followingLinks: true).kind
        guard kind == .directory || kind == .file else {
            throw HostError(
                kind == .missing ? "'\(path)' does not exist" : "'\(path)' is neither a directory nor a file",
                hint: "name the directory of the old installation's data, or the file with a dump")
        }
        guard kind == .file || !asDump else {
            throw HostError(
                "'\(path)' is a directory, and a dump is one file",
                hint: "make the dump again as one file, such as 'pg_dump -Fc'")
        }
        let isEmpty =
            try kind == .directory
            ? DirectoryContent.names(in: path).isEmpty : FileStatus.at(path, followingLinks: true).size == 0
        guard !isEmpty else {
            throw HostError(
                "'\(path)' is empty",
                hint: kind == .directory
                    ? "see that its disk is mounted; an empty data directory needs no import"
                    : "see why the dump was not written, and make it again")
        }
        isDump = kind == .file
        self.path = try RealPath.of(path)
        let root = (try? RealPath.of(dataRoot)) ?? dataRoot
        guard !"\(self.path)/".hasPrefix("\(root)/"), !"\(root)/".hasPrefix(self.path == "/" ? "/" : "\(self.path)/")
        else {
            throw HostError(
                "'\(path)' and the data root '\(root)' lie in each other",
                hint: "import from a place outside of it; within it, 'mv' does the same at once")
        }
    }

    /// What it takes of a disk.
    func bytes(_ host: HostSystem) async throws(HostError) -> Int64 {
        let du = try host.command("du")
        do throws(CommandFailure) {
            let result = try await Command(
                du, ["--summarize", "--block-size=1", "--", path], deadline: .seconds(3600)
            ).run()
            return Int64(result.text.prefix { $0.isNumber }) ?? 0
        } catch {
            throw HostError("cannot read '\(path)': \(error)", hint: "see that every file in it can be read")
        }
    }

    /// With owners, modes, times, links, holes and all attributes, or it fails.
    func copy(to staged: StagedData, _ host: HostSystem) throws(HostError) -> Command {
        let script = #"echo "$$" >"$0"; exec "$@""#
        let copy = [
            "cp", "--no-dereference", "--recursive", "--preserve=mode,ownership,timestamps,links,xattr",
            "--sparse=auto", "--reflink=auto", "--no-target-directory", "--", path,
            isDump ? staged.dump : staged.files,
        ]
        return Command(
            try host.command("bash"), ["-c", script, "\(staged.sums).process"] + copy,
            environment: Command.plainEnvironment.merging(["PATH": host.configuration.commandPath]) { $1 },
            deadline: .seconds(24 * 3600))
    }
}
