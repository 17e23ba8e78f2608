import Foundation
import Model

/// What signed tags say, once it is known who signed them: a signer of heartbeats is no signer of anything else.
extension FuzzTarget {
    static let signedTagTargets = [
        Self(name: "approval-tag", words: tagWords, inputs: 1000) { input in
            let text = String(decoding: input, as: UTF8.self)
            let tip = try tip()
            let name = Approval.prefix(for: tip) + "ada@example.com"
            if let fault = Approval.fault(tag: text, name: name, tip: tip) {
                try oneLine(fault)
                return false
            }
            guard text.hasPrefix("object \(tip.hex)\ntype commit\ntag \(name)\ntagger ") else {
                throw FuzzFault("it approves what it does not name")
            }
            return true
        },
        Self(name: "heartbeat-tag", words: tagWords, inputs: 1000) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let heartbeat = Heartbeat(tag: text, branch: "main", signer: signer) else { return false }
            let head = "object \(heartbeat.commit.hex)\ntype commit\ntag fairlead-heartbeat/main\n"
            guard text.lowercased().hasPrefix(head),
                (0..<(1 << 40) * 1000).contains(heartbeat.time.milliseconds)
            else { throw FuzzFault("it is no heartbeat of the branch: \(heartbeat)") }
            _ = heartbeat.time.since(Timestamp(milliseconds: 0))
            return true
        },
        Self(name: "override-tag", words: tagWords, inputs: 1000) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let step = SignedOverride(tag: text, signer: signer) else { return false }
            try oneLine(step.host)
            guard text.hasPrefix("object \(step.to.hex)\ntype commit") else {
                throw FuzzFault("it lets another commit pass than it is on: \(step)")
            }
            return true
        },
        Self(name: "signer-list-tag", words: tagWords + listWords, inputs: 1000) { input in
            let text = String(decoding: input, as: UTF8.self)
            let name = SignerVote.prefix(of: 2) + "ada@example.com"
            do {
                let vote = try SignerVote(tag: text, name: name, signer: signer)
                for key in vote.list.keys { try oneLine(key.name + key.key) }
                guard vote.list.number > 0, vote.list.persons.count <= vote.list.keys.count else {
                    throw FuzzFault("it is no list: \(vote)")
                }
                return true
            } catch let fault as SignerProposal.Fault {
                try oneLine(fault.reason)
                return false
            }
        },
        Self(name: "journal-head", words: ["> ", "host: ", "head: 1:", "-----BEGIN SSH SIGNATURE-----"], inputs: 1000) {
            input in
            guard let signed = SignedJournalHead(in: String(decoding: input, as: UTF8.self)) else { return false }
            guard SignedJournalHead(in: signed.text) == signed else {
                throw FuzzFault("it is not what it was: \(signed)")
            }
            return true
        },
        Self(
            name: "allowed-signers",
            words: [
                "cert-authority", "namespaces=\"git\"", "valid-after=\"20260101\"", "ssh-ed25519 ", "\"", ",", "ada@x ",
            ],
            inputs: 1000,
            read: { input in
                let text = String(decoding: input, as: UTF8.self)
                let faults = AllowedSigners(text).faults
                let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
                for fault in faults {
                    guard (1...lines).contains(fault.line) else { throw FuzzFault("line \(fault.line) of \(lines)") }
                    try oneLine(fault.reason)
                }
                _ = SignerNames.persons(inAllowedSigners: text)
                return faults.isEmpty
            }),
    ]

    private static let signer = CommitSigner(name: "ada@example.com", key: "SHA256:abc")

    private static func tip() throws -> CommitID { try value(String(repeating: "1", count: 40)) }

    private static func oneLine(_ text: String) throws {
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw FuzzFault("a control character in '\(text)'")
        }
    }

    private static let listWords = [
        "tag fairlead-signers/2/ada@example.com\n", "number: 2\n", "stack: acme\n", "hosts: *\n", "namespaces=\"git\"",
        "valid-after=\"20260101\"", "ssh-ed25519 ", "ada@x ",
    ]

    private static let tagWords = [
        "object 1111111111111111111111111111111111111111\n", "type commit\n", "type tag\n",
        "tag fairlead-heartbeat/main\n",
        "tag fairlead-approve/1111111111/ada@example.com\n", "tagger A <a@example.com> 1795000000 +0000\n", "\n\n",
        "from: ", "to: ", "host: vsn1\n", "expires: 2026-12-01T00:00:00Z\n", "> ", " 1099511627775 ",
    ]
}
