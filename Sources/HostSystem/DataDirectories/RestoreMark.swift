package import Files
internal import Glibc

/// Says of a data directory that its dump was not loaded to the end: what is in it is not the customer's data yet.
package enum RestoreMark {
    private static let prefix = ".fairlead-restoring-"

    package static func path(for directory: String) -> String {
        "\(PathName.directory(of: directory))/\(prefix)\(PathName.name(of: directory))"
    }

    package static func isSet(for directory: String) throws(HostError) -> Bool {
        try FileStatus.at(path(for: directory)).kind != .missing
    }

    /// On stable storage when it returns.
    package static func set(for directory: String) throws(HostError) {
        try AtomicFile.write([], to: path(for: directory))
    }

    package static func remove(for directory: String) throws(HostError) { try AtomicFile.remove(path(for: directory)) }

    /// The data directories in `parent` that have one.
    package static func directories(in parent: String) throws(HostError) -> [String] {
        try DirectoryContent.names(in: parent).filter { $0.hasPrefix(prefix) }.sorted()
            .map { "\(parent)/\($0.dropFirst(prefix.count))" }
    }

    /// Empties a data directory that has one, which proves that its content is nobody's; the directory itself stays.
    package static func clear(_ directory: String) throws(HostError) {
        if try FileStatus.at(directory).kind == .directory {
            try DirectoryContent.remove(in: directory)
            try Descriptor(directory, O_RDONLY | O_DIRECTORY).sync()
        }
        try remove(for: directory)
    }
}
