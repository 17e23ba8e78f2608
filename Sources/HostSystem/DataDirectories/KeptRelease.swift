internal import Files

/// The vendor's files of one version as this host keeps them, for the containers that mount them: in the state directory,
/// which is root's alone, readable by every user within a container.
package struct KeptRelease: Sendable {
    /// Of all versions.
    package let root: String
    package let version: String

    package init(of version: String, stateDirectory: String) {
        root = Self.root(stateDirectory)
        self.version = version
    }

    package static func root(_ stateDirectory: String) -> String { "\(stateDirectory)/releases" }

    /// Of this version, with the list beside the files.
    package var directory: String { "\(root)/\(version)" }
    /// Holds what is fetched until it is checked.
    package var staging: String { "\(root)/.\(version).partial" }

    /// Of a file, a directory, or `.` for all of it.
    package func place(of path: String) -> String { path == "." ? "\(directory)/files" : "\(directory)/files/\(path)" }
}
