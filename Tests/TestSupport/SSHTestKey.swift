internal import Foundation

/// A key of ssh that a test made, to sign with.
public struct SSHTestKey: Sendable {
    private let scratch: Scratch
    /// Of the private half.
    public let path: String
    /// `ssh-ed25519 AAAA…`.
    public let line: String
    /// `SHA256:…`.
    public let fingerprint: String

    public init() throws {
        scratch = try Scratch()
        path = "\(scratch.path)/key"
        try TestProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path]).run()
        let pub = try String(contentsOfFile: "\(path).pub", encoding: .utf8)
        line = pub.split(separator: " ").prefix(2).joined(separator: " ")
        let words = try TestProgram("ssh-keygen", ["-l", "-f", "\(path).pub"]).run().split(separator: " ")
        fingerprint = words.count > 1 ? String(words[1]) : ""
    }

    /// What git has to be told to sign with it.
    public var settings: [String] { ["-c", "gpg.format=ssh", "-c", "user.signingkey=\(path)"] }

    /// The armoured signature of `text`.
    public func signature(of text: String, namespace: String) throws -> String {
        try TestProgram("ssh-keygen", ["-q", "-Y", "sign", "-n", namespace, "-f", path], input: text).run() + "\n"
    }
}
