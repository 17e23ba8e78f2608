import Files
import Foundation
import Model

@testable import HostSystem

/// What is decrypted, and what is read of who can.
extension FuzzTarget {
    static let secretTargets = [
        Self(
            name: "secret-overlay", words: ["\"database\"", separator, "${secret:database}", "$${"], inputs: 600,
            read: { input in
                let parts = String(decoding: input, as: UTF8.self)
                    .split(separator: separator, maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 3 else { return false }
                do {
                    try fill(parts[2], own: Array(parts[0].utf8), committed: Array(parts[1].utf8))
                    return true
                } catch let error as HostError {
                    guard !error.message.contains(where: \.isNewline) else {
                        throw FuzzFault("an error that is not one line: \(error.message)")
                    }
                    return false
                }
            }),
        Self(name: "recipients", words: ["age1", "ssh-ed25519 ", "ssh-rsa ", "AGE-SECRET-KEY-1", "# "], inputs: 1000) {
            input in
            var accepted = false
            for line in String(decoding: input, as: UTF8.self).split(whereSeparator: \.isNewline) {
                guard let recipient = SecretVault.Recipient(String(line)) else { continue }
                accepted = true
                // It becomes an argument of age.
                let key = recipient.key
                guard key.hasPrefix("age1") || key.hasPrefix("ssh-"), !key.contains("AGE-SECRET-KEY") else {
                    throw FuzzFault("'\(key)' is no public key")
                }
            }
            return accepted
        },
    ]

    /// Between the secrets of the host, those of the customer repo, and a text that refers to them.
    private static let separator = "\n---\n"

    private static func fill(_ text: String, own: [UInt8], committed: [UInt8]) throws {
        let (mine, theirs) = (
            try SecretObject.values(in: own, from: "'own.json'"),
            try SecretObject.values(in: committed, from: "'secrets.json.age'")
        )
        let all = try SecretObject.joined(own: mine, committed: theirs)
        guard mine.allSatisfy({ all[$0.key] == $0.value }), all.count == mine.count + theirs.count else {
            throw FuzzFault("a secret of the host is another one with those of the customer repo")
        }
        let (secrets, source) = (Secrets(all), SecretText(source: text))
        let isKnown = source.references.allSatisfy { secrets[$0] != nil }
        guard (source.value(with: secrets) != nil) == isKnown else {
            throw FuzzFault("a text is filled although a secret is missing, or is not although none is")
        }
        _ = secrets.redacting(source.value(with: secrets) ?? text)
    }
}
