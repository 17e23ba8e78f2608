import Foundation
import Model
import Testing

/// T1: what a signature of an image is worth, as tables.
@Suite("What images have to prove")
struct ImageTrustTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)
    private static let other = "sha256:" + String(repeating: "b", count: 64)

    private static func statement(
        _ reference: String, _ digest: String, type: String = "cosign container image signature"
    ) -> [UInt8] {
        Array(
            #"{"critical":{"identity":{"docker-reference":"\#(reference)"},"#.utf8)
            + Array(#""image":{"docker-manifest-digest":"\#(digest)"},"type":"\#(type)"},"optional":null}"#.utf8)
    }

    @Test(
        "a statement speaks for the image and the repository that it names, and for no other",
        arguments: [
            ("registry.example.com/acme/web", digest, nil),
            ("registry.example.com/acme/web:1.0.0", digest, nil),
            ("registry.example.com/acme/web", other, "was made for another image"),
            ("registry.example.com/acme/other", digest, "was made for 'registry.example.com/acme/other'"),
            ("evil.example.com/acme/web", digest, "was made for 'evil.example.com/acme/web'"),
            ("registry.example.com/acme/web/x", digest, "was made for 'registry.example.com/acme/web/x'"),
            ("\\u001b[2J", digest, "names no image"),
            ("", digest, "names no image"),
        ] as [(String, String, String?)])
    func statements(reference: String, digest: String, objection: String?) throws {
        let statement = try #require(ImageStatement(Self.statement(reference, digest)))
        #expect(statement.objection(for: "registry.example.com/acme/web", digest: Self.digest) == objection)
    }

    @Test("a signature that was made for something else than images is none")
    func types() {
        #expect(ImageStatement(Self.statement("r.example.com/a", Self.digest, type: "git")) == nil)
        #expect(ImageStatement(Array("{}".utf8)) == nil)
        #expect(ImageStatement([]) == nil)
    }

    private static func manifest(_ layers: String) -> [UInt8] {
        Array(#"{"schemaVersion": 2, "config": {}, "layers": [\#(layers)]}"#.utf8)
    }

    private static func layer(
        _ digest: String = digest, size: Int = 200,
        type: String = "application/vnd.dev.cosign.simplesigning.v1+json",
        key: String = "dev.cosignproject.cosign/signature"
    ) -> String {
        #"{"mediaType": "\#(type)", "digest": "\#(digest)", "size": \#(size), "annotations": {"\#(key)": "c2ln"}}"#
    }

    @Test("entries that are no signatures, are too large or lead to a file elsewhere are left out")
    func manifests() throws {
        let odd = [
            Self.layer("sha256:../../etc/passwd"), Self.layer(size: SignatureManifest.largest + 1),
            Self.layer(type: "application/json"), Self.layer(key: "another"),
        ]
        let manifest = try #require(SignatureManifest(Self.manifest((odd + [Self.layer()]).joined(separator: ","))))
        #expect(manifest.entries.map(\.payload) == [String(repeating: "a", count: 64)])
        #expect(manifest.entries.map(\.signature) == ["c2ln"])
        let many = Array(repeating: Self.layer(), count: SignatureManifest.most + 1).joined(separator: ",")
        #expect(SignatureManifest(Self.manifest(many)) == nil)
        #expect(SignatureManifest(Array("[]".utf8)) == nil)
        #expect(SignatureManifest.tag(of: Self.digest) == "sha256-\(String(repeating: "a", count: 64)).sig")
    }

    @Test(
        "the longest place that an image lies in counts; whole parts only",
        arguments: [
            ("registry.example.com/acme/web:1", "registry.example.com/acme"),
            ("registry.example.com/acme", "registry.example.com/acme"),
            ("registry.example.com/acme2/web", "registry.example.com"),
            ("registry.example.com/acme/base/x", "registry.example.com/acme/base"),
            ("registry.example.com:5000/acme/web", nil),
            ("other.example.com/acme/web", nil),
        ] as [(String, String?)])
    func places(image: String, place: String?) throws {
        let requirement = ImageRequirement(sigstore: ["/k.pub"])
        let places = [
            "registry.example.com": requirement, "registry.example.com/acme": requirement,
            "registry.example.com/acme/base": requirement,
        ]
        let reference = try #require(ImageReference(image))
        #expect(places.place(of: reference) == place)
    }

    @Test("an image that was brought with a key that does not count any more is not vouched for")
    func keys() {
        let old = ImageDemand.Key(path: "/etc/fairlead/acme-2025.pub", bytes: Array("old".utf8))
        let new = ImageDemand.Key(path: "/etc/fairlead/acme.pub", bytes: Array("new".utf8))
        let both = ImageDemand(place: "r.example.com", keys: [old, new])
        let signature = both.signature(by: old)
        #expect(signature.signer == "acme-2025")
        #expect(ImageSignature.words(signature) == "signed by acme-2025")
        #expect(ImageSignature.words(nil) == "not checked")
        #expect(both.accepts(signature))
        #expect(!ImageDemand(place: "r.example.com", keys: [new]).accepts(signature))
        #expect(!both.accepts(nil))
        #expect(both.digest == ImageDemand(place: "r.example.com", keys: [new, old]).digest)
        #expect(both.digest != ImageDemand(place: "r.example.com", keys: [new]).digest)
        #expect(both.digest != ImageDemand(place: "s.example.com", keys: [old, new]).digest)
    }

    @Test("an image that was stored before signatures were known is read, and is not checked")
    func older() throws {
        let text = #"{"id": "sha256:1", "size": 3, "names": ["a"]}"#
        #expect(try JSONDecoder().decode(StoredImage.self, from: Data(text.utf8)).signature == nil)
    }
}
