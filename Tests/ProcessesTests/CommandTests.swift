import Foundation
import Processes
import Testing

@Suite("Programs run in a session of their own, with a deadline")
struct CommandTests {
    @Test("output, status and the end of standard error come back")
    func result() async throws {
        let result = try await Command("/bin/sh", ["-c", "echo out; echo one >&2; echo two >&2; exit 3"]).runToEnd()
        #expect(result.status == 3)
        #expect(result.text == "out\n")
        #expect(result.errorTail == "one | two")
    }

    @Test("standard input arrives, and nothing of our environment does")
    func inputAndEnvironment() async throws {
        let given = Command("/bin/cat", input: [UInt8]("in\n".utf8))
        #expect(try await given.run().text == "in\n")
        #expect(!ProcessInfo.processInfo.environment.isEmpty)
        let bare = Command("/usr/bin/env", environment: ["GIVEN": "given"])
        #expect(try await bare.run().text == "GIVEN=given\n")
    }

    @Test("a failure names the command, its status and what it said")
    func failure() async throws {
        let error = await #expect(throws: CommandFailure.self) {
            _ = try await Command("/bin/sh", ["-c", "echo no such disk >&2; exit 7"]).run()
        }
        #expect(error?.reason == .exited(7))
        #expect("\(error.map { "\($0)" } ?? "")".contains("no such disk"))
        #expect("\(error.map { "\($0)" } ?? "")".contains("/bin/sh"))
    }

    @Test("a program that is missing or ended by a signal is an error of its own")
    func notStarted() async throws {
        let missing = await #expect(throws: CommandFailure.self) { _ = try await Command("/nonexistent").run() }
        guard case .notStarted = missing?.reason else { return #expect(Bool(false), "\(String(describing: missing))") }
        let killed = await #expect(throws: CommandFailure.self) {
            _ = try await Command("/bin/sh", ["-c", "kill -9 $$"]).run()
        }
        #expect(killed?.reason == .signalled(9))
    }

    @Test("a program that ends without reading its input is judged by its status")
    func unreadInput() async throws {
        let input = [UInt8](repeating: 7, count: 4 << 20)
        let result = try await Command("/bin/sh", ["-c", "sleep 0.1; exit 3"], input: input).runToEnd()
        #expect(result.status == 3)
        #expect(try await Command("/bin/sh", ["-c", "echo read"], input: input).run().text == "read\n")
    }

    @Test("past the deadline the program dies with everything that it started")
    func deadline() async throws {
        let marker = "31\(UInt32.random(in: 100_000...999_999))"
        let error = await #expect(throws: CommandFailure.self) {
            _ = try await Command(
                "/bin/sh", ["-c", "sleep \(marker) & sleep \(marker); true"], deadline: .milliseconds(300)
            ).run()
        }
        #expect(error?.reason == .deadline(.milliseconds(300)))
        #expect(await becomes(running: false, "sleep \(marker)"))
    }

    @Test("a program that writes without end is killed at the limit")
    func outputLimit() async throws {
        let error = await #expect(throws: CommandFailure.self) {
            _ = try await Command("/usr/bin/yes", outputLimit: 100_000).run()
        }
        #expect(error?.reason == .outputLimit(100_000))
    }

    @Test("cancellation kills the program")
    func cancellation() async throws {
        let marker = "32\(UInt32.random(in: 100_000...999_999))"
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await Command("/bin/sleep", [marker]).run() }
            #expect(await becomes(running: true, "sleep \(marker)"))
            group.cancelAll()
        }
        #expect(await becomes(running: false, "sleep \(marker)"))
    }

    /// Whether a program with that command line is found, or none any more, within half a minute; by itself each of
    /// these would run for months.
    private func becomes(running: Bool, _ line: String) async -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            let found = try? await Command("/usr/bin/pgrep", ["-f", line]).runToEnd().status == 0
            if found == running { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
