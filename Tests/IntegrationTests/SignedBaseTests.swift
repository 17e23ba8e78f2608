import Foundation
import Model
import Processes
import TestSupport
import Testing

/// T1: what a host that demands signed images does where an image does not simply come from a plan.
@Suite(
    "A host that demands signed images, off the usual way",
    .enabled(if: VSN.unavailable == nil && ImageSigningKey.unavailable == nil), .timeLimit(.minutes(5)))
struct SignedBaseTests {
    private func demand(_ place: String, _ key: ImageSigningKey, on vsn: VSN) throws {
        let policy: [String: any Sendable] = [
            "profile": "trusted", "builds": "isolated", "images": ["registries": ["\(vsn.registry.address)/acme"]],
        ]
        try vsn.configure(["trust": ["images": [place: ["sigstore": [key.publicKey]]]], "policy": policy])
    }

    @Test("verifies the image that a build starts from before it builds, also where one of that name lies on the host")
    func base() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.deployed { vsn in
            let place = "\(vsn.registry.address)/acme/base"
            let digest = try await vsn.registry.push(PodmanTestImage("base"), repository: "acme/base", tag: "1")
            try await vsn.sandbox.podman("pull", "--quiet", "\(place):1")
            try demand(place, key, on: vsn)
            try vsn.repo.write("images/built/Containerfile", "FROM \(place):1\nRUN echo one >/made\n")
            try vsn.commit("1.0.0", changes: #"{"containers": {"built": {"image": {"build": "images/built"}}}}"#)
            let refused = try await vsn.fairlead("reconcile")
            let said = refused.text + refused.errorTail
            #expect(refused.status != 0 && said.contains("cannot pull '\(place):1': it is not signed"), "\(said)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])

            try await vsn.registry.sign(digest, repository: "acme/base", by: key)
            let taken = try await vsn.fairlead("reconcile", "--force")
            #expect(taken.status == 0, "\(taken.text)\(taken.errorTail)")
            #expect(try await vsn.sandbox.podman("exec", "\(vsn.stack)-built", "cat", "/made") == "one")
        }
    }

    @Test("pulls nothing without the program that verifies, names the line that installs it, and lets the stack run")
    func noProgram() async throws {
        let key = try await ImageSigningKey.make("acme")
        let skopeo = try #require(Command.find("skopeo"))
        try await VSN.deployed { vsn in
            try demand("\(vsn.registry.address)/acme", key, on: vsn)
            try await vsn.publish("2.0.0")
            try vsn.commit("2.0.0")
            let refused = try await vsn.fairlead("reconcile", without: [skopeo])
            let said = refused.text + refused.errorTail
            #expect(
                refused.status != 0 && said.contains("'skopeo' is not installed, which verifies signatures"), "\(said)")
            #expect(said.contains("apt-get install skopeo, then 'fairlead reconcile --force'"), "\(said)")
            #expect(await vsn.served() == "1.0.0")
            let doctor = try await vsn.fairlead("doctor", without: [skopeo])
            #expect(doctor.text.contains("'skopeo' is not installed: no image that needs a signature is accepted"))
        }
    }

    @Test("sets up again at a boot what ran unsigned before the demand, and pulls it unsigned no more once it is gone")
    func boot() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.deployed { vsn in
            try demand("\(vsn.registry.address)/acme", key, on: vsn)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let booted = try await vsn.fairlead("reconcile")
            #expect(booted.status == 0, "\(booted.text)\(booted.errorTail)")
            #expect(
                booted.errorTail.contains("without a signature that this host demands by now"), "\(booted.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.deployments().first?.trigger == .restart)

            try await vsn.sandbox.podman("rm", "--all", "--force", "--time", "0")
            try await vsn.sandbox.podman("rmi", "--all", "--force")
            let gone = try await vsn.fairlead("reconcile")
            let said = gone.text + gone.errorTail
            #expect(said.contains("it is not signed"), "\(said)")
            #expect(try await vsn.sandbox.podman("images", "--quiet") == "")
        }
    }

    @Test("takes a tag that names another signed image as the registry says, and the digest that a plan names as it is")
    func digest() async throws {
        let key = try await ImageSigningKey.make("acme")
        try await VSN.with { vsn in
            try demand("\(vsn.registry.address)/acme", key, on: vsn)
            var digests: [String: String] = [:]
            for version in ["1.0.0", "1.1.0"] {
                let digest = try await vsn.registry.push(PodmanTestImage(version), repository: "acme/web", tag: version)
                try await vsn.registry.sign(digest, repository: "acme/web", by: key)
                digests[version] = digest
            }
            let name = "\(vsn.registry.address)/acme/web:1.1.0"
            func deploy(_ image: String) async throws {
                try vsn.commit("1.1.0", changes: #"{"containers": {"web": {"image": "\#(image)"}}}"#)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            }
            // The registry goes back: the older image is signed as well.
            try await vsn.registry.push(PodmanTestImage("1.0.0"), repository: "acme/web", tag: "1.1.0")
            try await deploy(name)
            #expect(await vsn.served() == "1.0.0")
            let newest = try #require(digests["1.1.0"])
            try await deploy("\(name)@\(newest)")
            #expect(await vsn.served() == "1.1.0")
        }
    }
}
