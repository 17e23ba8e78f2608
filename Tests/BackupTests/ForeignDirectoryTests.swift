import Files
import Foundation
import HostSupport
import Processes
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

/// T1, J5: whoever names a directory for backups, or can write there, gets no file of the host by it (H1).
@Suite("Directories that others can write", .enabled(if: isRoot && RcloneServer.isInstalled))
struct ForeignDirectoryTests {
    var host: HostFixture
    let root: String

    init() throws {
        host = try HostFixture()
        host.configuration.confiner = FairleadBinary.path
        root = "\(host.scratch.path)/target"
    }

    private func store(_ path: String) async throws -> BackupStore {
        try await directoryStore(path, of: host)
    }

    @Test("a confined store does all that a store does")
    func works() async throws {
        try await expectStoreWorks(store(root), of: host)
        try await store(root).remove("acme/R1")
        let vendor = try await store("\(host.scratch.path)/vendor")
        try host.scratch.write("one", to: "vendor/releases/1.0/files/a")
        try await store(root).copy(from: vendor, "releases/1.0", as: "vendor/1.0")
        #expect(try content("\(root)/vendor/1.0/files/a") == "one")
    }

    @Test(
        "a link that lies in it leads to no file of the host", arguments: ["acme", "acme/R1", "acme/R1/.data.partial"])
    func links(link: String) async throws {
        let victim = try host.scratch.write("root's own", to: "victim/R1/data")
        try host.scratch.write("root's own", to: "victim/data")
        let isFile = link.hasSuffix(".partial")
        let parent = URL(filePath: "\(root)/\(link)").deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(root)/\(link)", withDestinationPath: isFile ? victim : "\(host.scratch.path)/victim")
        let before = attributes(victim)
        let store = try await store(root)
        let file = try host.scratch.write("the attacker's", to: "upload")
        for path in ["acme/R1/data", "acme/data"] { try? await store.put(file: file, as: path) }
        let seen = try? await store.content(of: "acme/R1/data", limit: 100)
        #expect(seen != Array("root's own".utf8))
        try? await store.remove("acme/R1")
        #expect(attributes(victim) == before)
        #expect(try content("\(host.scratch.path)/victim/data") == "root's own")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: "\(host.scratch.path)/victim").count == 3)
    }

    @Test("one that is reached over a link, or that is the host's own, is refused, and nothing is written there")
    func ways() async throws {
        let file = try host.scratch.write("x", to: "upload")
        try FileManager.default.createDirectory(atPath: "\(root)/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/link", withDestinationPath: "\(root)/real")
        for path in ["\(root)/link", "\(root)/link/acme"] {
            let error = await #expect(throws: HostError.self) { try await store(path).put(file: file, as: "a/data") }
            #expect(error?.message == "'\(path)' of backup target 'nas' leads over a symbolic link")
        }
        for path in ["/etc/cron.d", "/usr", "\(host.data)/acme/web", host.configuration.stateDirectory, "/"] {
            let error = await #expect(throws: HostError.self) { try await store(path).check() }
            #expect(error?.message.contains("is no place for backups") == true, "\(path): \(String(describing: error))")
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: "\(root)/real") == [])
    }
}

/// T3: programs that talk to strangers can do nothing else.
@Suite("Confined programs", .enabled(if: isRoot))
struct ConfinementTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(_ confinement: Confinement, _ script: String) async throws -> CommandResult {
        let command = Command("/bin/bash", ["-c", script])
        return try await confinement.applied(to: command, by: FairleadBinary.path).runToEnd()
    }

    @Test("they read what they were given, and of the host's own files nothing that is secret")
    func reading() async throws {
        let given = try scratch.write("given", to: "given/file")
        let other = try scratch.write("secret", to: "other/file")
        let confinement = Confinement(reading: [given])
        #expect(try await run(confinement, "cat \(given)").text == "given")
        for path in [other, "/etc/shadow", "/proc/1/environ", "\(scratch.path)/other"] {
            let result = try await run(confinement, "cat \(path); ls \(path)/")
            #expect(result.status != 0 && result.text.isEmpty, "\(path): \(result.text)")
        }
    }

    @Test("they write where they may, and have no capabilities, whatever they start")
    func rights() async throws {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/own", withIntermediateDirectories: true)
        let confinement = Confinement(writing: ["\(scratch.path)/own"])
        #expect(try await run(confinement, "echo x >\(scratch.path)/own/a").status == 0)
        #expect(try content("\(scratch.path)/own/a") == "x\n")
        #expect(try await run(confinement, "bash -c 'echo x >\(scratch.path)/b'").status != 0)
        #expect(try await run(confinement, "touch /etc/fairlead-was-here").status != 0)
        let status = try await run(
            confinement,
            """
            while read -r line; do
                case $line in CapPrm* | CapEff* | NoNewPrivs*) echo "$line" ;; esac
            done </proc/self/status
            """)
        let values = status.text.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(values == ["CapPrm:", "0000000000000000", "CapEff:", "0000000000000000", "NoNewPrivs:", "1"])
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/b"))
    }

    @Test("they reach no service of the host, which would take them for root")
    func services() async throws {
        let program = """
            import socket
            for family in socket.AF_UNIX, socket.AF_INET:
                try:
                    socket.socket(family).close()
                    print('made')
                except PermissionError:
                    print('refused')
            """
        let command = Command("/usr/bin/python3", ["-c", program])
        let made = try await Confinement().applied(to: command, by: FairleadBinary.path).runToEnd()
        #expect(made.text == "refused\nmade\n", "\(made.errorTail)")
    }

    @Test("they end no process but their own", .enabled(if: LinuxVersion.isAtLeast(6, 12), "needs Linux 6.12"))
    func signals() async throws {
        let reached = try await run(Confinement(), "kill -0 $PPID 2>/dev/null; echo $?; kill -0 $$; echo $?")
        #expect(reached.text == "1\n0\n")
    }

    @Test("what cannot be confined is not started")
    func refused() async throws {
        for words in [["--write"], ["--all", "/"], ["--", "true"], ["--"], []] {
            let arguments = [ConfinementChild.subcommand] + words
            let result = try await Command(FairleadBinary.path, arguments).runToEnd()
            #expect(result.status == 126 && result.errorTail.hasPrefix("fairlead: "), "\(words)")
        }
    }
}

private enum LinuxVersion {
    static func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        let numbers = text.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
    }
}
