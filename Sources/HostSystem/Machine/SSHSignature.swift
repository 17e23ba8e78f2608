package import Files
internal import FoundationEssentials
internal import Model
internal import Processes

/// A signature file of `ssh-keygen -Y sign`.
package enum SSHSignature {
    /// Makes `file.sig` with the private key in the file `key`.
    package static func make(
        for file: String, key: String, namespace: String, commandPath: String
    ) async throws(HostError) {
        try? AtomicFile.remove("\(file).sig")
        let program = try program(commandPath)
        do throws(CommandFailure) {
            _ = try await Command(program, ["-Y", "sign", "-q", "-f", key, "-n", namespace, file]).run()
        } catch {
            throw HostError(
                "cannot sign '\(file)' with the key '\(key)': \(error)",
                hint: "name an SSH private key without a passphrase, or one that an agent has")
        }
    }

    /// Whether `signature` over `bytes` was made with one of `signers`, for `namespace`.
    package static func isValid(
        _ signature: [UInt8], of bytes: [UInt8], by signers: [String], namespace: String, commandPath: String
    ) async throws(HostError) -> Bool {
        let scratch = try TemporaryDirectory()
        let lines = signers.map { "fairlead namespaces=\"\(namespace)\" \($0)\n" }
        try AtomicFile.write(Array(lines.joined().utf8), to: "\(scratch.path)/allowed")
        try AtomicFile.write(signature, to: "\(scratch.path)/signature")
        let program = try program(commandPath)
        do throws(CommandFailure) {
            return try await Command(
                program,
                [
                    "-Y", "verify", "-q", "-f", "\(scratch.path)/allowed", "-I", "fairlead", "-n", namespace, "-s",
                    "\(scratch.path)/signature",
                ], input: bytes
            ).runToEnd().status == 0
        } catch {
            throw HostError("cannot check a signature: \(error)", disposition: .transient)
        }
    }

    private static func program(_ commandPath: String) throws(HostError) -> String {
        guard let path = Command.find("ssh-keygen", path: commandPath) else {
            throw HostError.notInstalled("ssh-keygen")
        }
        return path
    }

    /// The key that it claims to be made with, as the line of a `.pub` file: to be shown, never to be trusted.
    package static func publicKey(of signature: [UInt8]) -> String? {
        let lines = String(decoding: signature, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let data = Data(base64Encoded: lines.filter { !$0.hasPrefix("-") }.joined()) else { return nil }
        // "SSHSIG", a version, then the key with its length before it, which begins with the name of its kind likewise.
        var rest = [UInt8](data).dropFirst(10)
        guard let key = string(&rest) else { return nil }
        var inner = key[...]
        guard let kind = string(&inner), kind.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        return "\(String(decoding: kind, as: UTF8.self)) \(Data(key).base64EncodedString())"
    }

    private static func string(_ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count - 4 >= count else { return nil }
        defer { bytes = bytes.dropFirst(4 + count) }
        return Array(bytes.dropFirst(4).prefix(count))
    }
}
