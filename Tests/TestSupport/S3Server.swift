internal import Foundation
internal import Glibc
internal import Processes

/// Ceph's S3 gateway on a loopback port, with real object lock. Objects lie in memory; it starts in about two seconds.
///
/// It ends with this process, however that ends, and leaves nothing behind.
public final class S3Server: Sendable {
    /// Why it cannot run here.
    public static let unavailable = TestProgram.missingForRoot(
        "radosgw", "ceph-mon", "ceph-osd", "ceph", "rclone", "jq")

    private static let sharedTask = Task { try await S3Server() }
    /// The one that all tests of this process share: each makes a bucket of its own, and none stops it.
    public static func shared() async throws -> S3Server { try await sharedTask.value }

    /// The region of every request.
    public static let region = "us-east-1"
    /// `http://127.0.0.1:PORT`.
    public let endpoint: String
    /// Of whom all buckets are.
    public let owner: S3Key

    private let directory: String
    private let program: TetheredProgram
    private let users: S3Users

    /// For a test that stops it.
    public init() async throws {
        let port = try LoopbackPort.free()
        endpoint = "http://127.0.0.1:\(port)"
        let directory = try Self.makeDirectory()
        self.directory = directory
        try Scratch.install(Self.script, to: "\(directory)/server")
        let arguments = ["\(directory)/server", directory, String(try LoopbackPort.free()), String(port)]
        program = try TetheredProgram(TestProgram("bash", arguments), log: "\(directory)/output")
        try await Self.wait(in: directory)
        let words = try String(contentsOfFile: "\(directory)/owner.key", encoding: .utf8).split(
            whereSeparator: \.isWhitespace)
        guard words.count == 2 else { throw TestProgramFailure("S3: no key of the owner in \(words.count) words") }
        owner = S3Key(id: String(words[0]), secret: String(words[1]))
        users = S3Users(configuration: "\(directory)/ceph.conf")
    }

    /// From now on connections are refused and running ones broken, until it is started again; what it stored stays.
    public func stop() async throws {
        program.tell("stop")
        try await Self.wait(in: directory, ready: false)
    }

    public func start() async throws {
        program.tell("start")
        try await Self.wait(in: directory)
    }

    /// The key of another user, who owns nothing.
    func key(of user: String) async throws -> S3Key { try await users.key(of: user) }

    private static let script = String(decoding: PackageResources.s3_server_bash, as: UTF8.self)
    private static let prefix = "fairlead-s3-"

    /// One of its own, after those are removed whose process and server were killed together.
    private static func makeDirectory() throws -> String {
        let parent = FileManager.default.temporaryDirectory.path
        for name in try FileManager.default.contentsOfDirectory(atPath: parent) where name.hasPrefix(prefix) {
            let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap { Int32($0) }
            if let owner, kill(owner, 0) != 0 { try? FileManager.default.removeItem(atPath: "\(parent)/\(name)") }
        }
        let path = "\(parent)/\(prefix)\(getpid())-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func wait(in directory: String, ready: Bool = true) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while FileManager.default.fileExists(atPath: "\(directory)/ready") != ready {
            guard ContinuousClock.now < end else {
                let output = FileManager.default.contents(atPath: "\(directory)/output") ?? Data()
                let tail = String(decoding: output.suffix(2000), as: UTF8.self)
                throw TestProgramFailure("S3 does not \(ready ? "start" : "stop"): \(tail)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// The key of a user of an S3 server.
public struct S3Key: Sendable, Hashable {
    public let id: String
    public let secret: String
}

/// Users of a server, each made once.
private actor S3Users {
    private struct User: Decodable {
        struct Key: Decodable {
            let id: String
            let secret: String

            enum CodingKeys: String, CodingKey {
                case id = "access_key"
                case secret = "secret_key"
            }
        }

        let keys: [Key]
    }

    private let configuration: String
    private var keys: [String: Task<S3Key, any Error>] = [:]

    init(configuration: String) { self.configuration = configuration }

    func key(of user: String) async throws -> S3Key {
        if let key = keys[user] { return try await key.value }
        let task = Task { [configuration] in try await Self.make(user, configuration) }
        keys[user] = task
        return try await task.value
    }

    private static func make(_ user: String, _ configuration: String) async throws -> S3Key {
        let words = ["--conf", configuration, "user", "create", "--uid", user, "--display-name", user]
        let output = try await Command("/usr/bin/radosgw-admin", words).run().output
        guard let key = try JSONDecoder().decode(User.self, from: Data(output)).keys.first else {
            throw TestProgramFailure("S3: user '\(user)' has no key")
        }
        return S3Key(id: key.id, secret: key.secret)
    }
}
