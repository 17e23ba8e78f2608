import Files
import Foundation
import Glibc
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite("The lock of the host")
struct HostLockTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("excludes a second holder and tells who holds it")
    func excluded() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/state/lock"
        let lock = try await HostLock.acquire(at: path, command: "fairlead run", now: now)
        let later = Timestamp(milliseconds: now.milliseconds + 12_000)
        let error = await #expect(throws: HostError.self) {
            _ = try await HostLock.acquire(at: path, command: "fairlead teardown", now: later)
        }
        #expect(error?.message.hasSuffix("is held by 'fairlead run' (process \(getpid()), for 12s)") == true)
        #expect(error?.disposition == .transient)
        #expect(LockHolder.read(at: path)?.command == "fairlead run")
        #expect(mode(path) == 0o600)
        _ = consume lock
        #expect(LockHolder.read(at: path) == nil)
        _ = try await HostLock.acquire(at: path, command: "fairlead teardown", now: later)
    }

    @Test("excludes other programs, and is refused while one of them holds it")
    func otherProgram() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        let flock = try #require(Command.find("flock"))
        do {
            let lock = try await HostLock.acquire(at: path, command: "fairlead run", now: now)
            #expect(try await Command(flock, ["-n", path, "true"]).runToEnd().status == 1)
            _ = consume lock
        }
        let (marker, end) = (scratch.path + "/held", scratch.path + "/end")
        let holding = "touch \(marker); while [ ! -e \(end) ]; do sleep 0.1; done"
        async let other = Command(flock, ["-n", path, "sh", "-c", holding]).runToEnd()
        while access(marker, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        let error = await #expect(throws: HostError.self) {
            _ = try await HostLock.acquire(at: path, command: "fairlead run", now: now)
        }
        #expect(error?.message.contains("is held by another process") == true)
        try scratch.write("", to: "end")
        _ = try await HostLock.acquire(at: path, command: "fairlead run", now: now, wait: .seconds(10))
        #expect(try await other.status == 0)
    }

    @Test("a second daemon on the same state directory is refused, with who is there and since when")
    func daemons() async throws {
        let scratch = try Scratch()
        func daemon() async throws -> HostLock {
            try await HostLock.ofDaemon(
                stateDirectory: scratch.path, command: "fairlead run", now: now, wait: .zero)
        }
        let first = try await daemon()
        let error = await #expect(throws: HostError.self) { _ = try await daemon() }
        #expect(
            error?.message == "another daemon works with the state directory '\(scratch.path)': "
                + "'fairlead run' (process \(getpid()), since 2027-01-15T08:00:00Z)")
        _ = consume first
        _ = try await daemon()
    }

    @Test("a signature that was left behind is not believed of another process with that number")
    func reusedNumber() throws {
        let scratch = try Scratch()
        try scratch.write(#"{"process": \#(getpid()), "command": "fairlead run", "since": 0}"#, to: "lock")
        #expect(LockHolder.read(at: scratch.path + "/lock") == nil)
        try PollSchedule(next: now).write(runtimeDirectory: scratch.path)
        #expect(PollSchedule.read(runtimeDirectory: scratch.path)?.next == now)
        let written = try content(scratch.path + "/next-poll")
        let changed = written.replacing(/"start":[0-9]+/, with: #""start":1"#)
        #expect(changed != written)
        try scratch.write(changed, to: "next-poll")
        #expect(PollSchedule.read(runtimeDirectory: scratch.path) == nil)
    }

    @Test("ends with a holder that is killed; what it signed is not believed any more")
    func killed() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try await HostLock.acquire(at: path, command: "victim", now: Timestamp(milliseconds: 0))
            kill(getpid(), SIGKILL)
            _ = consume lock
        }
        #expect(try content(path).contains("victim"))
        #expect(LockHolder.read(at: path) == nil)
        _ = try await HostLock.acquire(at: path, command: "next", now: now)
    }

    @Test("is not inherited by programs that the holder starts")
    func notInherited() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        let sleep = try #require(Command.find("sleep"))
        let lock = try await HostLock.acquire(at: path, command: "first", now: now)
        async let child = Command(sleep, ["2"]).run()
        try await Task.sleep(for: .milliseconds(300))
        _ = consume lock
        _ = try await HostLock.acquire(at: path, command: "second", now: now)
        _ = try await child
    }

    @Test("a lock file that was removed and made anew is locked anew")
    func removed() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        let lock = try await HostLock.acquire(at: path, command: "first", now: now)
        try FileManager.default.removeItem(atPath: path)
        _ = try await HostLock.acquire(at: path, command: "second", now: now)
        _ = consume lock
    }

    @Test("waiting ends with the task")
    func cancelled() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        let lock = try await HostLock.acquire(at: path, command: "first", now: now)
        let task = Task { [now] in
            _ = try await HostLock.acquire(at: path, command: "second", now: now, wait: .seconds(600))
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        let error = await #expect(throws: HostError.self) { try await task.value }
        #expect(error?.disposition == .interrupted)
        _ = consume lock
    }
}
