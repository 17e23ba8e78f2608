internal import FoundationEssentials
internal import Glibc
internal import Model
internal import Processes

/// Who may sign, as a file of the host.
public struct SignerList: Hashable, Sendable {
    public enum Form: String, Hashable, Sendable {
        /// Allowed signers of ssh-keygen, and keys or a KRL that are revoked.
        case ssh
        /// A keyring of gpg, and fingerprints that are revoked.
        case gpg

        /// The program that verifies.
        public var program: String { self == .ssh ? "ssh-keygen" : "gpgv" }
        /// Debian's package with it.
        public var package: String { self == .ssh ? "openssh-client" : "gpgv" }
        /// For people: what the file of what is revoked holds.
        public var revocations: String {
            self == .ssh
                ? RevokedKeys.form : "one fingerprint of 40 hexadecimal digits a line, as 'gpg --list-keys' shows them"
        }
    }

    public let form: Form
    /// Absolute.
    public let file: String
    public let revoked: String?
    /// In place of what `file` holds: a list that the host accepted from elsewhere.
    public let lines: String?

    public init(form: Form, file: String, revoked: String? = nil, lines: String? = nil) {
        self.form = form
        self.file = file
        self.revoked = revoked
        self.lines = lines
    }

    /// Whom it names, as many as anybody has; a keyring does not say it without another program.
    var names: [String] {
        guard form == .ssh else { return [] }
        let file = lines == nil ? FileManager.default.contents(atPath: file) : nil
        let text = lines ?? String(decoding: (file ?? Data()).prefix(1 << 20), as: UTF8.self)
        return Array(SignerNames.listed(inAllowedSigners: text).prefix(1000))
    }

    /// With its lines in `directory`, where ssh-keygen can read them.
    func written(to directory: String) throws -> Self {
        guard let lines else { return self }
        let path = "\(directory)/signers"
        try Data(lines.utf8).write(to: URL(filePath: path))
        return Self(form: form, file: path, revoked: revoked)
    }

    /// The program and the files, each of which has to be there: what is missing must never make a signature count.
    func checkedProgram(path: String?) throws(GitFailure) -> String {
        let found = path.map { Command.find(form.program, path: $0) } ?? Command.find(form.program)
        guard let found else {
            throw GitFailure(
                .local, "cannot verify signatures: '\(form.program)' is not installed",
                hint: "apt-get install \(form.package)")
        }
        for file in [lines == nil ? file : nil, revoked].compactMap(\.self) where access(file, R_OK) != 0 {
            throw GitFailure(
                .configuration, "cannot verify signatures: '\(file)' is not there or cannot be read",
                hint: "put the file in its place; 'trust.commits' in the host's configuration names it")
        }
        if let fault = revocationFault {
            throw GitFailure(
                .configuration, "cannot verify signatures: \(fault)",
                hint: "'trust.commits.revoked' in the host's configuration names it; write \(form.revocations)")
        }
        return found
    }

    /// `FILE:LINE: why`: where the file of what is revoked cannot be understood, so that no signature can be judged. One
    /// that cannot be read has none.
    public var revocationFault: String? {
        guard let revoked, let data = FileManager.default.contents(atPath: revoked) else { return nil }
        switch form {
        case .ssh:
            guard let fault = RevokedKeys(Array(data)).faults.first else { return nil }
            return "\(revoked):\(fault.line.map { "\($0):" } ?? "") \(fault.reason)"
        case .gpg:
            let isKnown = GPGStatus.fingerprints(String(decoding: data.prefix(1 << 20), as: UTF8.self)) != nil
            return isKnown ? nil : "'\(revoked)' has a line that is no fingerprint"
        }
    }
}
