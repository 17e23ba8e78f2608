/// What Git LFS commits in the place of a file. A host reads no LFS server, and would mount the pointer.
public struct LargeFilePointer: Error {
    public let path: String

    /// Throws where `content` is no content, but says where it can be had.
    public static func refuse(_ content: [UInt8], of path: String) throws(LargeFilePointer) {
        guard content.count <= 1024, content.starts(with: "version https://git-lfs.github.com/spec/".utf8) else {
            return
        }
        throw LargeFilePointer(path: path)
    }

    public var message: String { "'\(path)' is a pointer of Git LFS, not the file itself" }
    public var hint: String {
        "commit the content in its place ('git lfs migrate export --include=\(path)'), or bring it in an image"
    }
}
