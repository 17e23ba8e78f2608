internal import Glibc
internal import Model

/// A place in a tree, held by one open descriptor however deep it lies, and entered over no symbolic link: what a container
/// nests must not use up this program's descriptors, and what it moves about must not lead this program elsewhere.
package struct DirectoryCursor: ~Copyable {
    /// As the kernel has it, which need not be UTF-8, with the zero at its end.
    package typealias Name = [CChar]

    private struct Parent {
        let identity: Identity
        /// Of the directory in it that was entered.
        let name: Name
    }

    private struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64

        init(of directory: borrowing Descriptor) throws(HostError) {
            let status = try directory.status()
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private var directory: Descriptor
    private var parents: [Parent] = []

    /// At `directory`, the top of the tree.
    package init(at directory: consuming Descriptor) { self.directory = directory }

    /// The path of the top.
    package var top: String { directory.path }

    /// Of the directory where it is.
    package var number: Int32 { directory.number }

    /// Goes into directory `name`; nothing changes when that fails.
    package mutating func enter(_ name: Name) throws(HostError) {
        let number = openat(directory.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw HostError.failed("open '\(shown(name))'") }
        let child = Descriptor(owning: number, path: directory.path)
        parents.append(Parent(identity: try Identity(of: directory), name: name))
        directory = child
    }

    /// Goes back to where it came from; returns the name of what it left.
    ///
    /// Throws when something else moved that meanwhile: nobody knows what it would be in.
    package mutating func leave() throws(HostError) -> Name {
        guard let parent = parents.popLast() else { return [] }
        let number = openat(directory.number, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw HostError.failed("open the directory above '\(shown(parent.name))'") }
        let above = Descriptor(owning: number, path: directory.path)
        guard try Identity(of: above) == parent.identity else {
            throw HostError(
                "'\(shown(parent.name))' was moved while it was read",
                hint: "stop what moves things in '\(top)', then try again", disposition: .transient)
        }
        directory = above
        return parent.name
    }

    package func entries() throws(HostError) -> DirectoryEntries { try DirectoryEntries(of: directory) }

    /// For errors, of `name` where it is; a path may be longer than anybody wants to read.
    package func shown(_ name: Name) -> String {
        "\(top)\(parents.isEmpty ? "" : "/…")/\(Self.text(name))"
    }

    package static func text(_ name: Name) -> String {
        String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What lies in an open directory, one by one, in no order.
package struct DirectoryEntries: ~Copyable {
    package struct Entry {
        package let name: DirectoryCursor.Name
        /// The file system may leave it open what it is.
        package let mayBeDirectory: Bool
    }

    private let stream: OpaquePointer

    package init(of directory: borrowing Descriptor) throws(HostError) {
        // Another descriptor, which the stream closes.
        let number = openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw HostError.failed("list '\(directory.path)'") }
        guard let stream = fdopendir(number) else {
            close(number)
            throw HostError.failed("list '\(directory.path)'")
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// `nil` at the end.
    package func next() -> Entry? {
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            let dot = CChar(bitPattern: UInt8(ascii: "."))
            if name == [dot, 0] || name == [dot, dot, 0] { continue }
            let kind = Int(entry.pointee.d_type)
            return Entry(name: name, mayBeDirectory: kind == Int(DT_DIR) || kind == Int(DT_UNKNOWN))
        }
        return nil
    }
}
