internal import ContainerEngine
internal import Model
internal import Processes

/// Whose signature images need here, whether what verifies them is in place, and what runs without.
struct ImageTrustChecks {
    let host: HostComposition

    private var demands: [String: ImageRequirement] { host.configuration.trust.images }

    func checks() async -> [HostCheck] {
        guard !demands.isEmpty else { return [Self.off] }
        let places = demands.sorted { $0.key < $1.key }.map { Self.place($0.key, $0.value) }
        return places + programs + keys + (await running())
    }

    private static let off = HostCheck.ok(
        "images", "signatures are not checked: whoever can push to a registry decides what its images hold")

    private static func place(_ place: String, _ requirement: ImageRequirement) -> HostCheck {
        let keys = requirement.sigstore.map { ImageDemand.Key(path: $0, bytes: []).name }.sorted()
        return .ok("images", "those of '\(place)' have to be signed by \(keys.joined(separator: " or "))")
    }

    private var programs: [HostCheck] {
        ["skopeo", "openssl"].filter { Command.find($0) == nil }.map { name in
            .fail(
                "images", "'\(name)' is not installed: no image that needs a signature is accepted",
                "apt-get install \(name)")
        }
    }

    private var keys: [HostCheck] {
        Set(demands.values.flatMap(\.sigstore)).sorted().map {
            TrustChecks.signers($0, "no image of its place is accepted")
        }
    }

    /// What was brought before the host demanded a signature runs on, and is named here.
    private func running() async -> [HostCheck] {
        do {
            let trust = HostImageTrust(keys: ImageKeyring(demands))
            guard let state = try await host.deployedState() else { return [.ok("images", "nothing is deployed")] }
            let sources = state.images.keys.sorted().map { ($0, state.desired.plan.image(of: $0)) }
            let unsigned = try state.images.filter { container, image in
                guard case .reference(let reference) = state.desired.plan.image(of: container) else { return false }
                return try !trust.vouches(for: image, as: reference)
            }
            return [Self.brought(unsigned: unsigned.keys.sorted(), of: sources)] + Self.made(of: sources)
        } catch {
            return [.fail("images", error)]
        }
    }

    static func brought(unsigned: [String], of sources: [(String, ImageSource?)]) -> HostCheck {
        guard unsigned.isEmpty else {
            return .warn(
                "images",
                "not checked, since brought before a signature was demanded: " + unsigned.joined(separator: ", "),
                "'fairlead reconcile --force' brings them anew, or says which is not signed")
        }
        let which = made(of: sources).isEmpty ? "all that run here" : "all from registries that run here"
        return .ok("images", "\(which) have the signatures that they need")
    }

    /// Nobody signed what comes from elsewhere than a registry.
    static func made(of sources: [(String, ImageSource?)]) -> [HostCheck] {
        let built = sources.filter { if case .build = $0.1 { true } else { false } }.map(\.0)
        let loaded = sources.filter { if case .archive = $0.1 { true } else { false } }.map(\.0)
        return [
            ("built here, and only what they begin with was checked", built),
            ("from archives, which have a checksum in the plan and no signature", loaded),
        ].filter { !$0.1.isEmpty }.map { .ok("images", "\($0.0): \($0.1.joined(separator: ", "))") }
    }
}
