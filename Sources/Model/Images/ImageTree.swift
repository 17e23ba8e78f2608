/// The files of an image, as a container of it has them before anything ran in it.
public protocol ImageTree: Sendable {
    /// What is at the end of `names`, seen from the root, a link itself; `nil` where nothing is. The names before the last are
    /// directories.
    func entry(at names: [String]) -> ImageEntry?
    /// The first bytes of a file.
    func beginning(of names: [String]) -> [UInt8]
}

/// One name of an image's files.
public enum ImageEntry: Hashable, Sendable {
    case directory
    case file(executable: Bool)
    case link(String)
    /// A pipe, a socket or a device.
    case other
    /// It cannot be read here.
    case unknown
}
