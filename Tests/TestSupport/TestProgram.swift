internal import Foundation
internal import Glibc

/// A program that a test runs to its end, or starts and stops.
///
/// Foundation's `Process` is no choice: it takes a daemon that closes inherited descriptors for ended, and then hangs.
public struct TestProgram: Sendable {
    public static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    private let executable: String
    private let arguments: [String]
    private let environment: [String: String]
    private let input: String

    public init(
        _ name: String, _ arguments: [String], environment: [String: String] = ["PATH": TestProgram.path],
        input: String = ""
    ) throws {
        guard let executable = Self.find(name) else { throw TestProgramFailure("'\(name)' is not installed") }
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.input = input
    }

    /// The absolute path of `name`; `nil` when it is not installed.
    public static func find(_ name: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Why a test that needs root and `programs` cannot run here; `nil` when it can, and always in continuous integration,
    /// where skipping would hide a failure.
    public static func missingForRoot(_ programs: String...) -> String? {
        if ProcessInfo.processInfo.environment["CI"] == "true" { return nil }
        if geteuid() != 0 { return "not root" }
        return programs.first { find($0) == nil }.map { "\($0) is not installed" }
    }

    /// What it printed, without the white space around it.
    @discardableResult
    public func run() throws -> String {
        let (output, process) = try withInput { input in
            let output = Pipe()
            return (output, try spawn(input: input, output: output.fileHandleForWriting.fileDescriptor))
        }
        try output.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let status = TestDaemon(process: process).wait()
        guard status == 0 else {
            throw TestProgramFailure("\(executable) \(arguments) ended with \(status): \(text)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts it with its output going nowhere; should the tests crash, it ends after a quarter of an hour.
    public func start() throws -> TestDaemon {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let limited = try TestProgram(
            "timeout", ["--foreground", "900", executable] + arguments, environment: environment)
        return TestDaemon(process: try limited.spawn(input: null, output: null))
    }

    private func withInput<Result>(_ body: (Int32) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "fairlead-input-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        return try body(descriptor)
    }

    func spawn(input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        var words = ([executable] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        defer { posix_spawnattr_destroy(&attributes) }
        var process: pid_t = 0
        let status = posix_spawn(&process, executable, &actions, &attributes, &words, &variables)
        guard status == 0 else { throw TestProgramFailure("cannot start '\(executable)': error \(status)") }
        return process
    }
}

/// A program that runs beside the tests.
public struct TestDaemon: Sendable {
    let process: pid_t

    public var identifier: Int32 { process }

    /// Kills it with its group: not every daemon ends when it is asked to.
    public func stop() {
        kill(-process, SIGKILL)
        wait()
    }

    /// The status it ended with; 128 and the signal when it was killed.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}

/// A program of a test did not do its work.
public struct TestProgramFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
