import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

/// T1: a registry, and whoever can push to it, decides nothing of images that have to be signed.
@Suite(
    "Images that have to be signed",
    .enabled(if: EngineFixture.canRun && ImageSigningKey.unavailable == nil, "\(ImageSigningKey.unavailable ?? "")"))
struct SignedImageTests {
    /// A registry with `acme/web:1`, and an engine that demands a signature by `key` for its images.
    private func with(
        _ keys: ImageSigningKey..., user: String? = nil, password: String? = nil,
        _ body: (RegistryFixture, EngineFixture, ImageReference, _ digest: String) async throws -> Void
    ) async throws {
        try await RegistryFixture.with(user: user, password: password) { registry in
            let digest = try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            let demand = ImageRequirement(sigstore: keys.map(\.publicKey))
            let change = EngineChange { $0.imageKeys = ImageKeyring(["\(registry.address)/acme": demand]) }
            try await EngineFixture.with(insecureRegistries: [registry.address], changing: change) { fixture in
                let image = try #require(ImageReference("\(registry.address)/acme/web:1"))
                try await body(registry, fixture, image, digest)
                #expect(fixture.downloads.isEmpty, "nothing is left behind")
            }
        }
    }

    private func refusal(_ fixture: EngineFixture, _ image: ImageReference) async -> EngineError? {
        await engineError { try await fixture.engine.pull(image, credentials: nil) { _ in } }
    }

    @Test("a signed one is pulled, by its tag and by its digest, and tells whose signature it has")
    func signed() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { registry, fixture, image, digest in
            try await registry.sign(digest, repository: "acme/web", by: key)
            let stored = try await fixture.engine.pull(image, credentials: nil) { _ in }
            #expect(stored.digest == digest)
            #expect(stored.names == [image.description])
            #expect(stored.signature?.signer == "acme")
            #expect(stored.signature?.key.hasPrefix("sha256:") == true)
            let pinned = try #require(ImageReference("\(image)@\(digest)"))
            #expect(try await fixture.engine.pull(pinned, credentials: nil) { _ in }.signature == stored.signature)
            #expect(try await fixture.engine.images().first?.names.contains(image.description) == true)
            try await fixture.engine.removeImage(stored.id, force: false)
            #expect(try await fixture.engine.images().isEmpty, "its digest keeps nothing of it")
        }
    }

    @Test("an unsigned one is refused before anything of it comes; the error names the image, the key and the way out")
    func unsigned() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { _, fixture, image, _ in
            let error = await refusal(fixture, image)
            #expect(error?.message.contains("cannot pull '\(image)': it is not signed") == true, "\(error as Any)")
            #expect(error?.message.contains("'\(key.publicKey)'") == true)
            #expect(error?.hint.contains("cosign sign --key") == true)
            #expect(error?.disposition == .permanent)
            let stored = try await fixture.engine.images()
            #expect(stored.isEmpty)
        }
    }

    @Test("one that lay on the host before is refused just so, by its tag and by its digest")
    func present() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { _, fixture, image, digest in
            try await fixture.sandbox.podman("pull", "--quiet", image.description)
            for text in ["\(image)", "\(image.name)@\(digest)"] {
                let error = await refusal(fixture, try #require(ImageReference(text)))
                #expect(error?.message.contains("it is not signed") == true, "\(error as Any)")
            }
        }
    }

    @Test("a signature of a foreign key, of another image or repository, or of a changed statement does not count")
    func foreign() async throws {
        let key = try await ImageSigningKey.make("acme")
        let foreign = try await ImageSigningKey.make("mallory")
        try await with(key) { registry, fixture, image, digest in
            let other = try await registry.push(PodmanTestImage("2"), repository: "acme/web", tag: "2")
            let cases: [(ImageSigningKey, RegistryFixture.Claim, String)] = [
                (foreign, .init(), "its signature is of no key that counts"),
                (key, .init(digest: other), "its signature by 'acme' was made for another image"),
                (key, .init(repository: "acme/other"), "its signature by 'acme' was made for"),
                (key, .init(addition: " "), "its signature is of no key that counts"),
            ]
            for (signer, claim, words) in cases {
                try await registry.sign(digest, repository: "acme/web", by: signer, claiming: claim)
                let error = await refusal(fixture, image)
                #expect(error?.message.contains(words) == true, "\(error as Any)")
                #expect(try await fixture.engine.images() == [])
            }
        }
    }

    @Test("each of several keys counts, also beside foreign signatures")
    func rotation() async throws {
        let old = try await ImageSigningKey.make("acme-2025")
        let new = try await ImageSigningKey.make("acme-2026")
        let foreign = try await ImageSigningKey.make("mallory")
        try await with(old, new) { registry, fixture, image, digest in
            try await registry.sign(digest, repository: "acme/web", by: foreign, new)
            let stored = try await fixture.engine.pull(image, credentials: nil) { _ in }
            #expect(stored.signature?.signer == "acme-2026")
        }
    }

    @Test("what a tag is moved to is refused when that is not signed, and the signed one stays what it was")
    func moved() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { registry, fixture, image, digest in
            try await registry.sign(digest, repository: "acme/web", by: key)
            let stored = try await fixture.engine.pull(image, credentials: nil) { _ in }
            try await registry.push(PodmanTestImage("evil"), repository: "acme/web", tag: "1")
            #expect(await refusal(fixture, image)?.message.contains("it is not signed") == true)
            #expect(try await fixture.engine.images().map(\.id) == [stored.id])
        }
    }

    @Test("an image of another place is pulled as ever, and is not checked")
    func elsewhere() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { registry, fixture, _, _ in
            try await registry.push(PodmanTestImage("1"), repository: "free/web", tag: "1")
            let image = try #require(ImageReference("\(registry.address)/free/web:1"))
            #expect(try await fixture.engine.pull(image, credentials: nil) { _ in }.signature == nil)
        }
    }

    @Test("the login of the plan counts for signatures as well; a wrong one is no missing signature, and is never told")
    func login() async throws {
        let password = "canary-\(UUID().uuidString)"
        let key = try await ImageSigningKey.make("acme")
        try await with(key, user: "acme", password: password) { registry, fixture, image, digest in
            try await registry.sign(digest, repository: "acme/web", by: key)
            let login = RegistryCredentials(username: "acme", password: password)
            #expect(try await fixture.engine.pull(image, credentials: login) { _ in }.signature != nil)
            let wrong = RegistryCredentials(username: "acme", password: password + "x")
            let error = await engineError { try await fixture.engine.pull(image, credentials: wrong) { _ in } }
            #expect(error?.hint.contains("check user name and password") == true, "\(error as Any)")
            #expect("\(error as Any)".contains(password) == false)
        }
    }

    @Test("without the file of the key nothing of its place is pulled; a registry that is down is asked again later")
    func missing() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await with(key) { registry, fixture, image, _ in
            registry.shutDown()
            #expect(await refusal(fixture, image)?.disposition == .transient)
            try FileManager.default.removeItem(atPath: key.publicKey)
            let error = await refusal(fixture, image)
            #expect(error?.message.contains("the key '\(key.publicKey)' cannot be read") == true, "\(error as Any)")
            #expect(error?.disposition == .permanent)
        }
    }
}
