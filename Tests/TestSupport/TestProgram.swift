public import Foundation

/// A program that a test runs to its end, or starts and stops.
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
        path.split(separator: ":").map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// What it printed, without the white space around it.
    @discardableResult
    public func run() throws -> String {
        let output = Pipe()
        let process = try start(output: output)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestProgramFailure("\(executable) \(arguments) ended with \(process.terminationStatus): \(text)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts it; both outputs go to `output`, to nowhere when that is nil.
    public func start(output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = output ?? FileHandle.nullDevice
        let pipe = Pipe()
        process.standardInput = input.isEmpty ? FileHandle.nullDevice : pipe
        try process.run()
        if !input.isEmpty {
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        }
        return process
    }
}

/// A program of a test did not do its work.
public struct TestProgramFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
