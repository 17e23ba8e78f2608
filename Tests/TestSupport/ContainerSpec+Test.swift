public import Model

extension ContainerSpec {
    /// Of a plan that says nothing of the container but that it has an image.
    public init(name: String, image: String, network: String) {
        let plan = ContainerPlan(image: .build(BuildContext(path: "images/test", contentDigest: "")))
        self.init(name: name, image: image, network: network, plan: plan)
    }
}
