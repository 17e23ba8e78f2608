import Foundation
import Glibc
import HostSupport
import HostSystem
import Model
import Synchronization
import TestSupport
import Testing

@Suite("Problems of the host")
struct HostProblemTests {
    @Test("a good host has none")
    func none() async throws {
        let fixture = try HostFixture()
        #expect(await fixture.host.problems(for: plan(["web": container(volumes: [volume("x")])])) == [])
    }

    @Test("what lies in the way of data directories is found, where the plan has some")
    func obstacles() async throws {
        let fixture = try HostFixture()
        let wanted = plan(["web": container(volumes: [volume("x")])])
        try fixture.scratch.write("", to: "data/acme/.fairlead-data.json/x")
        let place = "\(fixture.data)/acme"
        let first = await fixture.host.problems(for: wanted).map(\.message)
        #expect(first == ["'\(place)/.fairlead-data.json' is a directory, but has to be a file"])
        try FileManager.default.removeItem(atPath: place)
        try fixture.scratch.write("a file", to: "data/acme")
        let second = await fixture.host.problems(for: wanted).map(\.message)
        #expect(second == ["'\(place)' is a file, but has to be a directory"])
        #expect(await fixture.host.problems(for: plan(["web": container()])) == [])
    }

    @Test("a plan with mail and no jobs needs what its cron job needs (S8)")
    func mailOnly() async throws {
        var fixture = try HostFixture()
        fixture.configuration.commandPath = "/nonexistent"
        var plan = plan(["web": container()])
        #expect(await fixture.host.problems(for: plan) == [])
        plan.mail = MailPlan(from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://localhost:1")
        let problems = await fixture.host.problems(for: plan)
        let names = ["msmtp", "bash", "flock", "timeout", "crontab"]
        #expect(problems.map(\.message) == names.map { "'\($0)' is not installed" })
    }

    @Test("systemd's journal as the driver of a log is refused where it does not run, and nothing else is")
    func journal() async throws {
        var fixture = try HostFixture()
        fixture.configuration.journalSocket = "\(fixture.scratch.path)/journal"
        var (web, batch) = (container(), container())
        batch.logs = ContainerLogPlan(driver: .file)
        #expect(await fixture.host.problems(for: plan(["web": web, "batch": batch])) == [])
        web.logs = ContainerLogPlan(driver: .journald)
        let problems = await fixture.host.problems(for: plan(["web": web, "batch": batch]))
        #expect(
            problems.map(\.message) == [
                "the log of 'web' is to go to systemd's journal, which does not run here: there is no "
                    + "'\(fixture.scratch.path)/journal'"
            ])
        #expect(!fixture.host.hasJournal)
        try fixture.scratch.write("", to: "journal")
        #expect(fixture.host.hasJournal)
        #expect(await fixture.host.problems(for: plan(["web": web, "batch": batch])) == [])
    }

    @Test("all are reported at once, each with a hint: programs, space, host paths (S8)")
    func all() async throws {
        var fixture = try HostFixture()
        // Everything but what sends mail.
        fixture.configuration.commandPath = try fixture.programs(without: ["msmtp"])
        fixture.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 60)
        let share = VolumePlan(source: .path(fixture.scratch.path + "/share"), target: "/share")
        var wanted = plan(["web": container(volumes: [share])])
        wanted.mail = MailPlan(from: "vsn@acme.example", to: ["ops@acme.example"], smtp: "smtp+plain://localhost:1")
        let problems = await fixture.host.problems(for: wanted)
        try #require(problems.count == 3, "\(problems)")
        #expect(problems[0].message == "'msmtp' is not installed")
        #expect(problems[0].hint.contains("apt-get install msmtp"))
        #expect(problems[1].message.contains("free, 1048576 TiB are needed"))
        #expect(problems[2].message.contains("/share' that container 'web' mounts does not exist"))
        #expect(problems.allSatisfy { !$0.hint.isEmpty })
    }

    @Test(
        "a full disk is found, once for all directories that lie on it", .enabled(if: isRoot || mustRun, "needs root"))
    func full() async throws {
        var fixture = try HostFixture()
        try await withTmpfs(size: "256k", in: fixture.scratch) { path in
            fixture.configuration.dataRoot = path + "/not/yet/there"
            fixture.configuration.engineStorage = [path + "/storage"]
            fixture.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 20)
            let problems = await fixture.host.problems(for: plan([:]))
            #expect(
                problems.map(\.message) == ["the file system of '\(path)/storage' has 256 KiB free, 1 MiB are needed"])
        }
    }

    @Test("a read-only file system is found", .enabled(if: isRoot || mustRun, "needs root"))
    func readOnly() async throws {
        var fixture = try HostFixture()
        try await withTmpfs(size: "256k", in: fixture.scratch) { path in
            try await tool("mount", "-o", "remount,ro", path)
            fixture.configuration.dataRoot = path
            let problems = await fixture.host.problems(for: plan([:]))
            #expect(problems.map(\.message) == ["the file system of '\(path)' is read-only"])
        }
    }

    @Test("mounted secrets need a memory file system", .enabled(if: isRoot || mustRun, "needs root"))
    func memory() async throws {
        var fixture = try HostFixture()
        fixture.configuration.requiresMemoryForSecrets = true
        let mounting = plan(["web": container(secretFiles: [SecretFilePlan(secret: "key", target: "/key")])])
        try await withTmpfs(size: "256k", in: fixture.scratch) { path in
            var onDisk = fixture.configuration
            onDisk.runtimeDirectory = "/proc"
            let problems = await HostSystem(configuration: onDisk).problems(for: mounting)
            #expect(problems.count == 1 && problems[0].hint.contains("runtimeDirectory"))
            #expect(await HostSystem(configuration: onDisk).problems(for: plan(["web": container()])) == [])
            fixture.configuration.runtimeDirectory = path + "/run"
            #expect(await fixture.host.problems(for: mounting) == [])
        }
    }

    @Test(
        "a port that another program listens on is a problem, one of the stack's own containers is none",
        arguments: [SOCK_STREAM, SOCK_DGRAM])
    func ports(kind: __socket_type) async throws {
        let fixture = try HostFixture()
        let taken = try Listener(kind: kind)
        let suffix = kind == SOCK_DGRAM ? "/udp" : ""
        for address in ["", "127.0.0.1:"] {
            let wanted = plan(["web": container(ports: ["\(address)\(taken.port):80\(suffix)"])])
            let problems = await fixture.host.problems(for: wanted)
            #expect(problems.count == 1 && problems[0].message.contains("is taken by another program"))
            #expect(problems.first?.hint.contains("ss -ln\(kind == SOCK_DGRAM ? "u" : "t")p") == true)
            let owner = HostSystem(configuration: fixture.configuration, ownPorts: { [taken.port] })
            #expect(await owner.problems(for: wanted) == [])
        }
    }

    @Test("a port that a crashing container of the stack takes again between two looks is no problem")
    func takenAgain() async throws {
        let fixture = try HostFixture()
        let taken = try Listener(kind: SOCK_STREAM)
        let looks = Mutex(0)
        let owner = HostSystem(configuration: fixture.configuration) {
            looks.withLock { $0 += 1 }
            return looks.withLock { $0 } > 1 ? [taken.port] : []
        }
        #expect(await owner.problems(for: plan(["web": container(ports: ["\(taken.port):80"])])) == [])
    }

    @Test(
        "a listener on another address or with another transport does no harm",
        arguments: [(SOCK_STREAM, "127.0.0.2", ""), (SOCK_STREAM, "127.0.0.1", "/udp"), (SOCK_DGRAM, "127.0.0.1", "")])
    func harmless(kind: __socket_type, address: String, suffix: String) async throws {
        let fixture = try HostFixture()
        var problems: [HostProblem] = []
        // Other programs of this machine may hold just that port: several are tried.
        for _ in 1...5 {
            let listener = try Listener(kind: kind)
            let wanted = plan(["web": container(ports: ["\(address):\(listener.port):80\(suffix)"])])
            problems = await fixture.host.problems(for: wanted)
            if problems.isEmpty { break }
        }
        #expect(problems == [])
    }

    @Test("an address that this host does not have is a problem")
    func address() async throws {
        let fixture = try HostFixture()
        let problems = await fixture.host.problems(for: plan(["web": container(ports: ["192.0.2.7:8443:80"])]))
        #expect(problems.count == 1 && problems[0].message.contains("no such address"))
    }
}

/// Listens on 127.0.0.1 on a free port.
final class Listener: Sendable {
    let port: UInt16
    private let number: Int32

    init(kind: __socket_type) throws {
        number = socket(AF_INET, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = number
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, length) == 0 && getsockname(number, $0, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        if kind == SOCK_STREAM { listen(number, 1) }
        try #require(bound)
    }

    deinit { close(number) }
}
