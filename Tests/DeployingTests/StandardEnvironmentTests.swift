import Model
import Testing

@testable import Deploying

@Suite("What every container knows of itself (C7)")
struct StandardEnvironmentTests {
    private func environment(
        of image: ImageSource, stored: StoredImage = StoredImage(id: "sha256:1"), own: [String: String] = [:],
        settings: HostSettings? = nil, hotfix: String? = nil
    ) throws -> [String: String] {
        let container = ContainerPlan(image: image, environment: own.mapValues { SecretText(source: $0) })
        var plan = ResolvedPlan(
            stack: "acme", version: "3.43.2", host: "vsn1", containers: ["web": container], hostSettings: settings)
        plan.hotfixes["web"] = hotfix.flatMap(ImageReference.init)
        let builder = SpecBuilder(
            plan: plan, commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: 1,
            secrets: Secrets(), tree: nil, secretFiles: [:], volumeDirectory: { _ in "" })
        return try builder.spec("web", container, image: stored).environment
    }

    private func reference(_ text: String) throws -> ImageSource { .reference(try #require(ImageReference(text))) }

    @Test("stack, version, host, container and image, and the time zone where the plan has one")
    func all() throws {
        let expected = [
            "FAIRLEAD_STACK": "acme", "FAIRLEAD_VERSION": "3.43.2", "FAIRLEAD_HOST": "vsn1",
            "FAIRLEAD_CONTAINER": "web", "FAIRLEAD_IMAGE": "registry.example.com/acme/web:3.43.2",
            "FAIRLEAD_IMAGE_DIGEST": "sha256:1",
        ]
        let image = try reference("registry.example.com/acme/web:3.43.2")
        #expect(try environment(of: image) == expected)
        let zoned = try environment(of: image, settings: HostSettings(timezone: "Europe/Berlin"))
        #expect(zoned == expected.merging(["TZ": "Europe/Berlin"]) { $1 })
    }

    @Test("the plan's own values win")
    func ownValues() throws {
        let own = ["TZ": "Etc/UTC", "FAIRLEAD_VERSION": "mine", "FAIRLEAD_IMAGE": "", "OTHER": "x"]
        let found = try environment(
            of: reference("localhost/web:1"), own: own, settings: HostSettings(timezone: "Europe/Berlin"))
        #expect(found.filter { own[$0.key] != nil } == own)
        #expect(found["FAIRLEAD_STACK"] == "acme")
    }

    @Test("the image is a hotfix where there is one; of builds and archives the name that they are stored under")
    func images() throws {
        let hotfix = try environment(of: reference("localhost/web:1"), hotfix: "localhost/web:1-hf1")
        #expect(hotfix["FAIRLEAD_IMAGE"] == "localhost/web:1-hf1")
        let stored = StoredImage(id: "sha256:1", names: ["localhost/fairlead/acme-web:0011"])
        let build = ImageSource.build(BuildContext(path: "images/web", contentDigest: "00"))
        #expect(try environment(of: build, stored: stored)["FAIRLEAD_IMAGE"] == "localhost/fairlead/acme-web:0011")
        let archive = ImageSource.archive(ImageArchive(url: "https://example.com/web.tar", sha256: "00"))
        #expect(try environment(of: archive, stored: stored)["FAIRLEAD_IMAGE"] == "localhost/fairlead/acme-web:0011")
        #expect(try environment(of: archive)["FAIRLEAD_IMAGE"] == "sha256:1")
        let pulled = StoredImage(id: "sha256:1", digest: "sha256:2")
        #expect(try environment(of: archive, stored: pulled)["FAIRLEAD_IMAGE_DIGEST"] == "sha256:2")
    }

    private func stored(_ metadata: ImageMetadata?) -> StoredImage {
        var facts = ImageFacts()
        facts.metadata = metadata
        return StoredImage(id: "sha256:1", names: ["localhost/fairlead/acme-web:0011"], facts: facts)
    }

    @Test("what the image says of its software, with and without Fairlead's prefix; what plan or image set stays")
    func software() throws {
        let web = try reference("registry.example.com/acme/web:3.43.2")
        let known = stored(ImageMetadata(title: "Shop", version: "7"))
        let found = try environment(of: web, stored: known)
        let expected = [
            "FAIRLEAD_APP": "Shop", "FAIRLEAD_APP_VERSION": "7", "APP_NAME": "Shop", "APP_VERSION": "7",
            "IMAGE_NAME": "registry.example.com/acme/web", "IMAGE_VERSION": "3.43.2",
        ]
        #expect(found.filter { expected[$0.key] != nil } == expected)
        #expect(try environment(of: web, stored: known, own: ["APP_NAME": "mine"])["APP_NAME"] == "mine")

        let own = stored(ImageMetadata(title: "Shop", own: ["APP_NAME", "IMAGE_NAME"]))
        let left = try environment(of: web, stored: own)
        #expect(left["APP_NAME"] == nil && left["IMAGE_NAME"] == nil && left["FAIRLEAD_APP"] == "Shop")
        #expect(left["IMAGE_VERSION"] == "3.43.2" && left["APP_VERSION"] == nil)

        let build = ImageSource.build(BuildContext(path: "images/web", contentDigest: "00"))
        let built = try environment(of: build, stored: stored(ImageMetadata()))
        #expect(built["IMAGE_NAME"] == "localhost/fairlead/acme-web" && built["IMAGE_VERSION"] == "0011")
    }

    @Test(
        "of an image that an older Fairlead deployed, a recreated container gets no name that the image may set itself")
    func older() throws {
        let web = try reference("registry.example.com/acme/web:3.43.2")
        let found = try environment(of: web, stored: stored(nil))
        #expect(ImageMetadata.names.allSatisfy { found[$0] == nil } && found["FAIRLEAD_APP"] == nil)
        #expect(found["FAIRLEAD_IMAGE_DIGEST"] == "sha256:1")
    }
}
