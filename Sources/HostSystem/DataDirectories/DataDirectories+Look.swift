internal import CLinux
package import Files
internal import Glibc
package import Model

extension DataDirectories {
    package func path(of name: String) -> String { "\(stackDirectory)/\(name)" }

    /// What lies in data directory `name`, beside what is known of it. One that cannot be looked at keeps nobody from looking at
    /// the others.
    package func finding(on name: String, known: DataMark?, mayBeEmpty: Bool = false) -> DataFinding {
        do throws(HostError) {
            return try look(at: name, known: known, mayBeEmpty: mayBeEmpty)
        } catch {
            return DataFinding(condition: .unreadable, known: known, mayBeEmpty: mayBeEmpty)
        }
    }

    /// The same, with the reason where it cannot be looked at.
    package func look(at name: String, known: DataMark?, mayBeEmpty: Bool) throws(HostError) -> DataFinding {
        let condition = try isBlocked() ? .blocked : DataDirectories.condition(of: path(of: name))
        let found: DataMark?
        if condition == .blocked {
            // A link can lead anywhere, also to what cannot be looked at.
            found = try? mark(of: name, followingLinks: true)
        } else {
            found = try mark(of: name)
        }
        return DataFinding(condition: condition, found: found, known: known, mayBeEmpty: mayBeEmpty)
    }

    /// Whether a link or a file lies in the place of the stack's directory: what is in it is not reached then, or another
    /// way than it was.
    private func isBlocked() throws(HostError) -> Bool {
        let kind = try FileStatus.at(stackDirectory).kind
        return kind != .directory && kind != .missing
    }

    /// What data directory `name` is now; `nil` where there is none. What a link leads to is none, unless `followingLinks`.
    package func mark(of name: String, followingLinks: Bool = false) throws(HostError) -> DataMark? {
        let path = path(of: name)
        guard try FileStatus.at(path, followingLinks: followingLinks).kind == .directory else { return nil }
        let directory = try Descriptor(path, O_RDONLY | O_DIRECTORY | (followingLinks ? 0 : O_NOFOLLOW))
        var status = linux_file_status()
        guard linux_file_status_of(directory.number, &status) == 0 else {
            throw HostError.failed("look at '\(path)'")
        }
        return DataMark(
            fileSystem: try FileSystemLook.mark(of: directory, mount: status.mount), inode: status.inode,
            made: status.has_birth ? status.birth : nil,
            // What a new disk holds is nobody's data.
            held: try !DirectoryContent.isEmpty(directory, but: ["lost+found"]))
    }
}
