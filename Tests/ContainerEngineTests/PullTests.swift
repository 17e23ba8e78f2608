import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("Pulling an image", .enabled(if: EngineFixture.canRun && RegistryFixture.unavailable == nil))
struct PullTests {
    private func reference(_ text: String) throws -> ImageReference { try #require(ImageReference(text)) }

    @Test("resolves a tag to the digest that the registry serves now, and a digest stays what it was (J2, J9)")
    func byTagAndDigest() async throws {
        try await RegistryFixture.with { registry in
            let first = try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "stable")
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                let tag = try reference("\(registry.address)/acme/web:stable")
                let heard = Heard()
                let old = try await fixture.engine.pull(tag, credentials: nil) { heard.add($0) }
                #expect(old.digest == first)
                #expect(old.id.hasPrefix("sha256:") && old.id.count == 71)
                #expect(old.names == ["\(registry.address)/acme/web:stable"])
                #expect(heard.all.contains { $0.hasPrefix("Copying blob") })

                let second = try await registry.push(PodmanTestImage("2"), repository: "acme/web", tag: "stable")
                let new = try await fixture.engine.pull(tag, credentials: nil) { _ in }
                #expect(new.digest == second)
                #expect(new.id != old.id)

                let pinned = try reference("\(registry.address)/acme/web:stable@\(first)")
                let again = try await fixture.engine.pull(pinned, credentials: nil) { _ in }
                #expect(again.id == old.id)
                #expect(again.digest == first)
                let all = try await fixture.engine.images()
                #expect(Set(all.map(\.id)) == [old.id, new.id])
                #expect(all.first { $0.id == new.id }?.digest == second)
            }
        }
    }

    @Test("works with credentials, and says which to check without them or with wrong ones, never the password")
    func credentials() async throws {
        let password = "canary-\(UUID().uuidString)/+?ÿ"
        try await RegistryFixture.with(user: "acme", password: password) { registry in
            try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                let image = try reference("\(registry.address)/acme/web:1")
                let login = RegistryCredentials(username: "acme", password: password)
                let wrong = RegistryCredentials(username: "acme", password: password + "x")
                for bad in [nil, wrong] {
                    let error = await engineError { try await fixture.engine.pull(image, credentials: bad) { _ in } }
                    #expect(error?.disposition == .permanent)
                    #expect(error?.hint.contains("registries") == true)
                    #expect(error?.description.contains("canary") == false)
                }
                #expect(try await fixture.engine.pull(image, credentials: login) { _ in }.digest != nil)
            }
        }
    }

    @Test("a login is tried over TLS only: a registry without says so, and nothing is stored or shown")
    func login() async throws {
        let password = "canary-\(UUID().uuidString)"
        try await RegistryFixture.with(user: "acme", password: password) { registry in
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                let login = RegistryCredentials(username: "acme", password: password)
                let error = await engineError { try await fixture.engine.logIn(to: registry.address, login) }
                #expect(error?.message.contains("HTTP response to HTTPS client") == true)
                #expect(error?.description.contains("canary") == false)
            }
        }
    }

    @Test("of a tag that is not there says so, and may be tried again")
    func missingTag() async throws {
        try await RegistryFixture.with { registry in
            try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                let error = await engineError {
                    try await fixture.engine.pull(
                        try reference("\(registry.address)/acme/web:2"), credentials: nil
                    ) { _ in }
                }
                #expect(error?.message.contains("manifest unknown") == true)
                #expect(error?.hint.contains("push the image") == true)
                #expect(error?.disposition == .transient)
                let local = await engineError {
                    try await fixture.engine.pull(try reference("localhost/nowhere:1"), credentials: nil) { _ in }
                }
                #expect(local?.disposition == .permanent)
            }
        }
    }

    @Test("from a registry that is down, or without TLS, fails with what to do; it works when it is back")
    func registryDown() async throws {
        try await RegistryFixture.with { registry in
            try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            let image = try reference("\(registry.address)/acme/web:1")
            try await EngineFixture.with { fixture in
                let error = await engineError { try await fixture.engine.pull(image, credentials: nil) { _ in } }
                #expect(error?.hint.contains("registries.conf") == true)
                #expect(error?.disposition == .transient)
            }
            try await EngineFixture.with(insecureRegistries: [registry.address]) { fixture in
                registry.shutDown()
                #expect(try await EngineFixture.eventually { !registry.isServing })
                let error = await engineError { try await fixture.engine.pull(image, credentials: nil) { _ in } }
                #expect(error?.message.contains("connection refused") == true)
                #expect(error?.disposition == .transient)
                try await registry.start()
                #expect(try await fixture.engine.pull(image, credentials: nil) { _ in }.digest != nil)
            }
        }
    }

    @Test("from a registry that accepts and is silent ends at the idle deadline")
    func silentRegistry() async throws {
        let silent = try SilentServer()
        try await EngineFixture.with(
            insecureRegistries: [silent.address], changing: EngineChange { $0.idleDeadline = .seconds(1) }
        ) {
            fixture in
            let image = try reference("\(silent.address)/acme/web:1")
            let start = ContinuousClock.now
            let error = await engineError { try await fixture.engine.pull(image, credentials: nil) { _ in } }
            #expect(error?.reason == .timedOut)
            #expect(error?.disposition == .transient)
            #expect(error?.message.hasSuffix("; asked directly, its registry answers nothing") == true)
            // The usual one is two minutes.
            #expect(start.duration(to: .now) < .seconds(100))
        }
    }
}
