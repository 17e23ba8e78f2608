internal import Foundation

/// A home of gpg that a test made, with its keys: `makeKey("ada")` is that of `ada <ada@example.com>`.
public final class GPGTestHome: Sendable {
    private let scratch: Scratch
    private var home: String { "\(scratch.path)/home" }

    public init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/home", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// The agents would outlive the test.
    deinit { _ = try? TestProgram("gpgconf", ["--homedir", home, "--kill", "all"]).run() }

    /// Makes a key; returns its fingerprint. `isOld`: made in January 2025 for ten days.
    @discardableResult
    public func makeKey(_ name: String, isOld: Bool = false) throws -> String {
        let time = isOld ? ["--faked-system-time", "20250101T000000"] : []
        let user = "\(name) <\(name)@example.com>"
        try gpg(time + ["--passphrase", "", "--quick-gen-key", user, "ed25519", "sign", isOld ? "10d" : "never"])
        return try fingerprint(name)
    }

    /// Marks the key as revoked in this home.
    public func revoke(_ name: String) throws {
        let file = "\(home)/openpgp-revocs.d/\(try fingerprint(name)).rev"
        let text = try String(contentsOfFile: file, encoding: .utf8).replacing("\n:-----", with: "\n-----")
        try gpg(["--import", try scratch.write(text, to: "revocation")])
    }

    /// Writes the public keys of `names` as a keyring for gpgv; returns its path.
    public func keyring(_ names: String..., armoured: Bool = false) throws -> String {
        let file = "\(scratch.path)/ring-\(UUID().uuidString)"
        try gpg((armoured ? ["--armor"] : []) + ["--output", file, "--export"] + names.map { "\($0)@example.com" })
        return file
    }

    /// What git has to be told to sign with the key of `name`; an old one signs in its own time.
    public func settings(_ name: String, isOld: Bool = false) throws -> [String] {
        let time = isOld ? "--faked-system-time 20250102T000000 " : ""
        let program = try scratch.install(
            "#!/bin/sh\nexec env GNUPGHOME=\(home) gpg --batch \(time)\"$@\"\n", to: isOld ? "old-gpg" : "gpg")
        let key = "user.signingkey=\(name)@example.com"
        return ["-c", "gpg.format=openpgp", "-c", "gpg.program=\(program)", "-c", key]
    }

    private func fingerprint(_ name: String) throws -> String {
        let lines = try gpg(["--list-keys", "--with-colons", "\(name)@example.com"]).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("fpr:") }) else {
            throw TestProgramFailure("there is no key of '\(name)'")
        }
        return String(line.split(separator: ":", omittingEmptySubsequences: false)[9])
    }

    @discardableResult
    private func gpg(_ arguments: [String]) throws -> String {
        try TestProgram(
            "gpg", ["--batch", "--quiet", "--homedir", home, "--pinentry-mode", "loopback"] + arguments
        ).run()
    }
}
