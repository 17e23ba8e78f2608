public import Files
internal import Glibc
internal import Processes

extension SecretVault {
    /// What came of an editor's work.
    public enum Edited: Sendable {
        case unchanged
        case changed([String: String])
        /// Not what secrets look like; says where.
        case broken(HostError)
    }

    /// A file in memory that holds decrypted secrets while a person edits them.
    public struct Draft: Sendable {
        let directory: String
        var file: String { "\(directory)/secrets.json" }

        /// Below `place`, which lies in memory: what is removed from a disk can still be read there.
        public init(_ secrets: [String: String], below place: String = "/dev/shm") throws(HostError) {
            guard try FileSystemSpace.isInMemory(place) else {
                throw HostError(
                    "'\(place)' is not in memory: decrypted secrets would be written to a disk",
                    hint: "mount a tmpfs there, or use 'fairlead secrets set NAME'")
            }
            directory = "\(place)/fairlead-\(UInt64.random(in: .min ... .max))"
            guard mkdir(directory, 0o700) == 0 else { throw HostError.failed("create '\(directory)'") }
            try AtomicFile.write(try SecretObject.text(of: secrets), to: file)
        }

        /// Lets `editor`, a shell command such as `vim` or `code --wait`, work on the file.
        public func edit(with editor: String, environment: [String: String]) async throws(HostError) {
            let command = Command(
                "/bin/sh", ["-c", #"eval "$EDITOR_COMMAND \"\$1\"""#, "sh", file],
                environment: homeless(environment).merging(["EDITOR_COMMAND": editor]) { $1 })
            let status: Int32
            do {
                status = try await command.runInTerminal()
            } catch {
                throw HostError("the editor '\(editor)' failed: \(error)", hint: "nothing was changed; set EDITOR")
            }
            guard status == 0 else {
                throw HostError(
                    "the editor '\(editor)' ended with status \(status)", hint: "nothing was changed; set EDITOR")
            }
        }

        /// Editors keep what was deleted, undo files and copies in the home directory, which lies on a disk.
        private func homeless(_ environment: [String: String]) -> [String: String] {
            environment.filter { !$0.key.hasPrefix("XDG_") }.merging(["HOME": directory]) { $1 }
        }

        /// What the file holds now, beside what it held before.
        public func result(since before: [String: String]) -> Edited {
            do throws(HostError) {
                let bytes = try Descriptor(file, O_RDONLY).read(limit: 4 << 20)
                let values = try SecretObject.values(in: bytes, from: "the edited file")
                return values == before ? .unchanged : .changed(values)
            } catch {
                return .broken(error)
            }
        }

        /// Removes it with whatever the editor left beside it.
        public func discard() { try? DirectoryContent.remove(directory) }
    }
}
