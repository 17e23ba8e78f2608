import Files
import Foundation
import Glibc
import HostSupport
import TestSupport
import Testing

@testable import HostSystem

@Suite("Whatever a container leaves in a directory is removed")
struct TreeRemovalTests {
    @Test("directories that lie deeper in each other than a program has descriptors and a path has bytes")
    func depth() throws {
        // In memory, where so many are made in no time.
        let directory = "/dev/shm/fairlead-test-\(UUID().uuidString)"
        #expect(mkdir(directory, 0o700) == 0)
        try DeepTree.make(in: directory, levels: 30_000)
        try DeepTree.make(in: directory, levels: 40, length: 255)
        try DirectoryContent.remove(directory)
        #expect(try FileStatus.at(directory).kind == .missing)
    }

    @Test("names of any bytes, links that lead elsewhere, fifos, sockets and empty directories; what is kept stays")
    func kinds() throws {
        let scratch = try Scratch()
        try scratch.write("mine", to: "elsewhere/file")
        try scratch.write("mine", to: "tree/kept/file")
        try scratch.write("theirs", to: "tree/a/b/file")
        let tree = "\(scratch.path)/tree"
        let directory = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        for name in [[10, 0], [0xFF, 0xFE, 0], Array("-rf *'\"".utf8) + [0]] as [[UInt8]] {
            #expect(mkdirat(directory, name.map { CChar(bitPattern: $0) }, 0o700) == 0)
        }
        #expect(symlink("\(scratch.path)/elsewhere", "\(tree)/link") == 0)
        #expect(symlink("\(scratch.path)/elsewhere", "\(tree)/a/link") == 0)
        #expect(link("\(tree)/a/b/file", "\(tree)/a/hard") == 0)
        #expect(mkfifo("\(tree)/fifo", 0o600) == 0)
        #expect(mknod("\(tree)/socket", S_IFSOCK | 0o600, 0) == 0)
        #expect(chmod("\(tree)/a/b", 0o000) == 0)
        try DirectoryContent.remove(in: tree, except: ["kept"])
        #expect(try DirectoryContent.names(in: tree) == ["kept"])
        #expect(try content("\(tree)/kept/file") == "mine")
        #expect(try content("\(scratch.path)/elsewhere/file") == "mine")
        try DirectoryContent.remove(tree)
        #expect(try FileStatus.at(tree).kind == .missing)
    }

    @Test("a file system of its own keeps what it holds", .enabled(if: isRoot || mustRun, "needs root"))
    func mounted() async throws {
        let scratch = try Scratch()
        try await withTmpfs(size: "1m", in: scratch) { path in
            try Data("mine".utf8).write(to: URL(filePath: "\(path)/file"))
            try scratch.write("theirs", to: "file")
            let error = #expect(throws: HostError.self) { try DirectoryContent.remove(in: scratch.path) }
            #expect(error?.message.contains("'tmpfs' in it is a file system of its own") == true, "\(error as Any)")
            #expect(try content("\(path)/file") == "mine")
        }
    }

    /// Why a file cannot be locked here: the file system, or this machine's root, does not know how.
    private static let cannotLock: String? = {
        guard let scratch = try? Scratch(), let file = try? scratch.write("", to: "file"),
            (try? TestProgram("chattr", ["+i", file]).run()) != nil
        else { return "nothing can be made immutable" }
        return (try? TestProgram("chattr", ["-i", file]).run()) == nil ? "it stays immutable" : nil
    }()

    @Test("files and directories that are immutable, or may only grow", .enabled(if: cannotLock == nil))
    func locked() async throws {
        let scratch = try Scratch()
        for file in ["tree/immutable", "tree/growing", "tree/directory/file", "tree/other/file"] {
            try scratch.write("x", to: file)
        }
        let tree = "\(scratch.path)/tree"
        try await tool("mkdir", "\(tree)/empty")
        try await tool("chattr", "+i", "\(tree)/immutable", "\(tree)/directory", "\(tree)/empty")
        try await tool("chattr", "+a", "\(tree)/growing", "\(tree)/other/file")
        try await tool("chattr", "+i", tree)
        try DirectoryContent.remove(tree)
        #expect(try FileStatus.at(tree).kind == .missing)
    }

    @Test("a directory that something else moved away meanwhile leads nowhere else")
    func moved() throws {
        let scratch = try Scratch()
        try scratch.write("theirs", to: "tree/a/b/file")
        try scratch.write("mine", to: "elsewhere/precious")
        var cursor = DirectoryCursor(at: try Descriptor("\(scratch.path)/tree", O_RDONLY | O_DIRECTORY))
        for name in ["a", "b"] { try cursor.enter(name.utf8.map { CChar(bitPattern: $0) } + [0]) }
        #expect(rename("\(scratch.path)/tree/a/b", "\(scratch.path)/elsewhere/b") == 0)
        let error: HostError?
        do throws(HostError) {
            _ = try cursor.leave()
            error = nil
        } catch let caught {
            error = caught
        }
        #expect(error?.message == "'\(scratch.path)/tree/…/b' was moved while it was read")
    }
}
