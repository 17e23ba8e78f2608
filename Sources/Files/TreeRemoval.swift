internal import CLinux
internal import Glibc
internal import Model

/// Empties a directory whatever lies in it: trees of any depth, names of any bytes, files that a container locked. But for a
/// file system of its own: that holds what nobody asked to remove, and its mount point cannot go anyway.
struct TreeRemoval: ~Copyable {
    private var cursor: DirectoryCursor
    /// Directories that are still to be removed: of the top, of the one below it that was entered, and so on.
    private var pending: [[DirectoryCursor.Name]] = []
    /// How often a directory that was emptied was not empty: a file system may leave entries out while others go.
    private var repetitions = 0
    private static let mostRepetitions = 1000

    init(of directory: consuming Descriptor) { cursor = DirectoryCursor(at: directory) }

    /// The directory itself stays, and what is named `kept` in it.
    mutating func run(except kept: Set<String>) throws(HostError) {
        let own = try mount()
        pending = [try sweep(except: kept)]
        while let last = pending.indices.last {
            if let name = pending[last].popLast() {
                try cursor.enter(name)
                guard try mount() == own else {
                    let name = try cursor.leave()
                    throw Self.mounted(in: cursor.top, name)
                }
                pending.append(try sweep(except: []))
            } else {
                pending.removeLast()
                guard last > 0 else { return }
                let name = try cursor.leave()
                try removeEmptied(name)
            }
        }
    }

    /// The number of the mount that the cursor is in.
    private func mount() throws(HostError) -> UInt64 {
        var status = linux_file_status()
        guard linux_file_status_of(cursor.number, &status) == 0 else {
            throw HostError.failed("look at a directory in '\(cursor.top)'")
        }
        return status.mount
    }

    private static func mounted(in top: String, _ name: DirectoryCursor.Name) -> HostError {
        HostError(
            "cannot remove what is in '\(top)': '\(DirectoryCursor.text(name))' in it is a file system of its own",
            hint: "unmount it ('findmnt' lists it)", disposition: .transient)
    }

    /// Removes what is no directory where the cursor is; returns the directories.
    private func sweep(except kept: Set<String>) throws(HostError) -> [DirectoryCursor.Name] {
        let entries = try cursor.entries()
        var directories: [DirectoryCursor.Name] = []
        while let entry = entries.next() {
            if !kept.isEmpty, kept.contains(DirectoryCursor.text(entry.name)) { continue }
            switch unlink(entry.name, 0) {
            case 0, ENOENT: continue
            case EISDIR: directories.append(entry.name)
            case let code: throw failed(entry.name, code)
            }
        }
        return directories
    }

    private mutating func removeEmptied(_ name: DirectoryCursor.Name) throws(HostError) {
        let code = unlink(name, AT_REMOVEDIR)
        if code == 0 || code == ENOENT { return }
        guard code == ENOTEMPTY, repetitions < Self.mostRepetitions, let last = pending.indices.last else {
            throw failed(name, code)
        }
        repetitions += 1
        pending[last].append(name)
    }

    /// Returns why it failed; 0 when it did not.
    private func unlink(_ name: DirectoryCursor.Name, _ flags: Int32) -> Int32 {
        if unlinkat(cursor.number, name, flags) == 0 { return 0 }
        let code = errno
        guard code == EPERM, linux_unlock(cursor.number, name) else { return code }
        return unlinkat(cursor.number, name, flags) == 0 ? 0 : errno
    }

    private func failed(_ name: DirectoryCursor.Name, _ code: Int32) -> HostError {
        HostError.failed(
            "remove '\(cursor.shown(name))'",
            hint: code == EPERM ? "where it is immutable, take that off as root: 'chattr -R -i -a \(cursor.top)'" : "",
            code: code)
    }
}
