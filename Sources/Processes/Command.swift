internal import Glibc

/// One program to run: an absolute path, an argument list and nothing inherited.
public struct Command: Sendable {
    /// Absolute.
    public var executable: String
    /// Without the program's name. Never holds a secret: arguments are visible to every user of the host.
    public var arguments: [String]
    /// The whole environment of the program.
    public var environment: [String: String]
    public var workingDirectory: String?
    /// What it reads on standard input; closed at once when empty.
    public var input: [UInt8]
    /// Past it the program and everything that it started are killed.
    public var deadline: Duration
    /// In bytes of standard output; past it the program is killed.
    public var outputLimit: Int

    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = Command.plainEnvironment,
        workingDirectory: String? = nil, input: [UInt8] = [], deadline: Duration = .seconds(60),
        outputLimit: Int = 16 << 20
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.deadline = deadline
        self.outputLimit = outputLimit
    }

    /// A search path, a home and a locale that does not translate messages.
    public static let plainEnvironment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
    ]

    /// The absolute path of `name` in the directories of `path`; `nil` when it is not installed.
    public static func find(_ name: String, path: String = plainEnvironment["PATH"] ?? "") -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
