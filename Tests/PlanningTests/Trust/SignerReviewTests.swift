import Model
import TestSupport
import Testing

@Suite("T2: when a new list of signers takes effect")
struct SignerReviewTests {
    private static let here = CommitID(repeating: "1")
    private static let now = Timestamp(milliseconds: 9)
    private static let keys = [
        "ada": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
        "grace": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
        "eve": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC",
    ]

    private static func text(
        _ number: Int = 2, stack: String = "acme", hosts: String = "*", _ lines: String...
    ) -> String {
        "number: \(number)\nstack: \(stack)\nhosts: \(hosts)\n\n" + lines.joined(separator: "\n")
    }

    private static func line(_ name: String, options: String = "") -> String { "\(name) \(options)\(keys[name] ?? "")" }

    private static let good = text(2, line("ada"), line("grace"))

    private static let foreignLists: [(String, String)] = [
        (text(1, line("ada"), line("grace")), "its text is that of list 1"),
        (text(2, stack: "zenith", line("ada"), line("grace")), "it is for stack 'zenith'"),
        (text(2, hosts: "vsn2, vsn3", line("ada"), line("grace")), "it is for other hosts"),
        (text(2, line("ada")), "it would leave 1 who can sign"),
        (
            text(2, line("ada"), line("grace", options: "valid-before=\"20990101Z\" ")),
            "it would leave 1 who can sign"
        ),
        (text(2, line("ada"), "ada \(keys["eve"] ?? "")"), "it would leave 1 who can sign"),
    ]

    private static let unreadableTexts: [String] = [
        "", "number: 2\nstack: acme\n\n\(line("ada"))", "number: 0\nstack: acme\nhosts: *\n\n\(line("ada"))",
        "number: 2\nstack: acme\nhosts: \n\n\(line("ada"))", text(2, "*@example.com \(keys["ada"] ?? "")"),
        text(2, "ada,eve \(keys["ada"] ?? "")"), text(2, "ada cert-authority \(keys["ada"] ?? "")"),
        text(2, "ada ssh-ed25519 AAAA"), text(2, "ada ssh-rsa \((keys["ada"] ?? "").dropFirst(12))"),
        text(2, line("ada"), "eve \(keys["ada"] ?? "")"),
        text(2, "ada namespaces=\"file\" \(keys["ada"] ?? "")"),
    ]

    private func vote(
        _ name: String, of text: String = good, key: String? = nil, on commit: CommitID = here
    ) throws -> SignerVoteFinding {
        .signed(
            SignerVote(
                list: try SignerProposal(message: text), commit: commit,
                signer: CommitSigner(name: name, key: key ?? "K-\(name)")))
    }

    private func outlook(_ findings: [SignerVoteFinding], revoked: Set<String> = []) -> SignerOutlook {
        SignerReview(
            number: 2, threshold: 2, stack: "acme", host: "vsn1", findings: findings, ownCommits: [Self.here],
            revoked: revoked
        ).outlook(at: Self.now)
    }

    private func reason(_ findings: [SignerVoteFinding], revoked: Set<String> = []) -> String? {
        if case .waiting(let offer) = outlook(findings, revoked: revoked) { offer.reason } else { nil }
    }

    @Test("with as many different persons as the host wants, whatever the order of their tags")
    func accepted() throws {
        #expect(outlook([]) == .absent)
        let votes = [try vote("ada"), try vote("ada", key: "K-other"), try vote("grace")]
        for findings in [votes, votes.reversed()] {
            guard case .accepted(let rotation) = outlook(findings) else {
                Issue.record("not accepted: \(outlook(findings))")
                continue
            }
            #expect(rotation.number == 2 && rotation.time == Self.now)
            #expect(rotation.persons == ["ada", "grace"])
            #expect(Set(rotation.signers.map(\.person)) == ["ada", "grace"])
            #expect(rotation.lines == Self.line("ada") + "\n" + Self.line("grace") + "\n")
        }
    }

    @Test("one person with two tags or two keys, one key under two names, and two lists of one number are not enough")
    func tooFew() throws {
        #expect(reason([try vote("ada")]) == "it is signed by ada, 1 of 2 persons")
        #expect(reason([try vote("ada"), try vote("Ada", key: "K-2")])?.contains("1 of 2") == true)
        #expect(reason([try vote("ada"), try vote("grace", key: "K-ada")])?.contains("1 of 2") == true)
        let other = Self.text(2, Self.line("eve"), Self.line("grace"))
        #expect(
            reason([try vote("ada"), try vote("grace", of: other)])?.contains("not all tags have the same list") == true
        )
        let both = try [vote("ada"), vote("grace"), vote("ada", of: other), vote("grace", of: other)]
        #expect(reason(both)?.contains("two different lists") == true)
        #expect(reason([.refused("tag 'x': its signature is of key K, which is revoked")])?.contains("revoked") == true)
    }

    @Test(
        "a list of another number, stack, host or repo does not count, nor one that nobody could replace again",
        arguments: SignerReviewTests.foreignLists)
    func foreign(text: String, words: String) throws {
        let found = reason([try vote("ada", of: text), try vote("grace", of: text)])
        #expect(found?.contains(words) == true, "\(found ?? "accepted")")
    }

    @Test("a commit that is not of the branch says that the list is of another repo; named hosts and options are read")
    func others() throws {
        let elsewhere = CommitID(repeating: "2")
        let found = reason([try vote("ada", on: elsewhere), try vote("grace", on: elsewhere)])
        #expect(found?.contains("is not of this branch") == true)
        let named = Self.text(
            2, hosts: "vsn2 vsn1", Self.line("ada", options: "namespaces=\"git\" "), Self.line("grace"))
        guard case .accepted = outlook([try vote("ada", of: named), try vote("grace", of: named)]) else {
            Issue.record("a list for this host is accepted")
            return
        }
        let key = try #require(Self.keys["grace"])
        let revoked = SignerKey.revoked(in: "\(key) grace@example.com\n")
        #expect(reason([try vote("ada"), try vote("grace")], revoked: revoked)?.contains("it would leave 1") == true)
    }

    @Test(
        "what is no list of one name and one key a line is not read",
        arguments: SignerReviewTests.unreadableTexts)
    func unreadable(text: String) {
        #expect(throws: SignerProposal.Fault.self) { try SignerProposal(message: text) }
    }

    @Test("a rotation counts above the number that the configuration gives its own file, and where it is on")
    func present() {
        let list = SignerRotation(number: 3, lines: "", persons: [], signers: [], time: Self.now)
        func settings(_ rotation: TrustSettings.Rotation, mode: TrustSettings.Commits.Mode = .ssh) -> TrustSettings {
            TrustSettings(commits: TrustSettings.Commits(mode: mode), rotation: rotation)
        }
        #expect(settings(.init(threshold: 2)).present(of: [list]) == list)
        #expect(settings(.init(threshold: 2, number: 3)).present(of: [list]) == nil)
        #expect(settings(.init()).present(of: [list]) == nil)
        #expect(settings(.init(threshold: 2), mode: .off).present(of: [list]) == nil)
        #expect(settings(.init(threshold: 2)).present(of: []) == nil)
        #expect(TrustSettings.Rotation(threshold: 2, number: 5).next(after: [list]) == 6)
        #expect(TrustSettings.Rotation(threshold: 2).next(after: [list]) == 4)
    }
}
