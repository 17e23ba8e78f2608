import Foundation
import Model
import Testing

@testable import GitSource

@Suite("T2: what of a commit is signed")
struct SignedObjectTests {
    private static let head = "tree 1\nparent 2\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n"

    private func commit(_ text: String) throws(MalformedObject) -> SignedObject {
        try SignedObject(commit: Array(text.utf8))
    }

    @Test("everything but the header with the signature, wherever it stands among the headers")
    func commit() throws {
        let signature = "gpgsig -----BEGIN\n AA\n -----END\n"
        for text in [
            Self.head + signature + "\nSubject\n", signature + Self.head + "\nSubject\n",
            Self.head + signature + "encoding x\n\nSubject\n",
        ] {
            let object = try commit(text)
            #expect(object.payload == Data(text.replacing(signature, with: "").utf8))
            #expect(object.signature == Data("-----BEGIN\nAA\n-----END\n".utf8))
        }
    }

    @Test("what looks like a signature in the message or in a merged tag is none")
    func elsewhere() throws {
        for text in [
            Self.head + "\nSubject\n\ngpgsig -----BEGIN\n AA\n",
            Self.head + "mergetag object 3\n gpgsig -----BEGIN\n\nS\n", Self.head + "\n", Self.head,
        ] {
            let object = try commit(text)
            #expect(object.signature == nil)
            #expect(object.payload == Data(text.utf8))
        }
    }

    @Test("what two readers could take apart in two ways is refused")
    func malformed() {
        for text in [
            Self.head + "gpgsig A\ngpgsig B\n\nS\n", Self.head + "gpgsig A\n\nS\0T\n",
            Self.head + "gpgsig-sha256 A\n\nS\n", Self.head + "gpgsigencoding x\ngpgsig A\n\nS\n",
        ] {
            #expect(throws: MalformedObject.self) { try commit(text) }
        }
    }

    @Test("of a tag the text before the last signature in it")
    func tag() throws {
        let text = "object 1\ntype commit\ntag t\ntagger A <a@b> 1 +0000\n\nS\n-----BEGIN SSH SIGNATURE-----\nA\n"
        let object = try SignedObject(tag: Array((text + "-----BEGIN SSH SIGNATURE-----\nB\n").utf8))
        #expect(object.payload == Data(text.utf8))
        #expect(object.signature == Data("-----BEGIN SSH SIGNATURE-----\nB\n".utf8))
        #expect(try SignedObject(tag: Array("object 1\n\nS\n".utf8)).signature == nil)
    }
}

@Suite("T2: what the programs say of a signature")
struct SignatureWordsTests {
    /// What is said of the list, the key, what is said of the signature alone, and the words.
    private static let complaints: [(String, String?, String, String)] = [
        ("a:1: key has expired: verify time", "K", "", "is of key K, which is not valid any more"),
        ("No principal matched.", "K", "", "is of key K, which is no allowed signer's"),
        ("", nil, "Signature verification failed: incorrect signature", "does not fit the commit"),
        ("No principal matched.", nil, "Couldn't parse signature: missing header", "cannot be understood"),
        ("anything else", nil, "", "cannot be understood"),
    ]

    @Test("ssh-keygen's complaints", arguments: complaints)
    func ssh(complaint: String, key: String?, itself: String, words: String) {
        #expect(SSHSignatureCheck.refusal(complaint, key: key, itself: itself).hasPrefix(words))
    }

    private static let good = """
        [GNUPG:] NEWSIG
        [GNUPG:] GOODSIG 70518E0A82DFA508 Ada <ada@example.com>
        [GNUPG:] VALIDSIG F1 2026-11-28 1795906463 0 4 0 22 8 00 F2

        """

    @Test("gpgv's status lines: one good signature, and nothing that speaks against it")
    func gpg() {
        let signer = CommitSigner(name: "Ada <ada@example.com>", key: "F2")
        #expect(GPGStatus(Self.good).finding(revoked: []) == .signed(signer))
        for revoked in ["F1", "F2"] { #expect(GPGStatus(Self.good).finding(revoked: [revoked]).signer == nil) }
        for text in [
            "", Self.good + Self.good, "NEWSIG\nGOODSIG 1 Ada\nVALIDSIG F1", Self.good + "[GNUPG:] ERRSIG 1\n",
            Self.good + "[GNUPG:] BADSIG 1 Ada\n", Self.good + "[GNUPG:] EXPSIG 1 Ada\n",
            Self.good + "[GNUPG:] EXPKEYSIG 1 Ada\n", Self.good + "[GNUPG:] REVKEYSIG 1 Ada\n",
            Self.good.replacing("GOODSIG", with: "OTHERSIG"), Self.good.replacing("VALIDSIG", with: "OTHERSIG"),
            Self.good + "[GNUPG:] VALIDSIG F3\n", "[GNUPG:] NEWSIG\n",
        ] {
            #expect(GPGStatus(text).finding(revoked: []).signer == nil, "\(text)")
        }
    }

    @Test("fingerprints, one a line; a line that is none makes the list invalid")
    func fingerprints() {
        let key = String(repeating: "A1", count: 20)
        #expect(GPGStatus.fingerprints("\(key.lowercased()) # Ada\n\n# none\n") == [key])
        #expect(GPGStatus.fingerprints("A1A1\n") == nil)
    }
}
